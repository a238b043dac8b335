"""The command that would have recorded an event: for asking whether a forged one could be true."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ledger.envelope import Entry, plain

COMMANDS = {
    "company-registered": "register_company",
    "company-reclassified": "reclassify_company",
    "company-renamed": "rename_company",
    "company-excluded": "exclude_company",
    "company-readmitted": "readmit_company",
    "terms-revised": "revise_terms",
    "budget-allocated": "allocate_budget",
    "year-opened": "open_year",
    "year-closed": "close_year",
    "year-reopened": "reopen_year",
    "grant-applied": "apply",
    "grant-approved": "approve",
    "grant-rejected": "reject",
    "grant-withdrawn": "withdraw",
    "award-amended": "amend",
    "disbursed": "disburse",
    "costs-claimed": "claim",
    "claim-accepted": "accept_claim",
    "funds-returned": "return_funds",
    "carried-over": "carry_over",
    "case-identified": "identify_case",
    "grant-cancelled": "cancel",
    "recovery-ordered": "order_recovery",
    "recovery-received": "record_recovery",
    "grant-settled": "settle",
    "entry-reversed": "reverse",
}
"""Which command records a kind of event; parts of closings and reopenings come with their year."""

_RESULTS = ("programme", "draws", "accepted_cost", "earned", "disallowed", "totals", "counts_on")
"""What an event of a grant or year records of its own result, and nobody asks for."""


def asked_for(entries: Sequence[Entry]) -> dict[str, Any]:
    """The command of these events, its actor, day and id as they were recorded."""
    last = entries[-1]
    data = json.loads(json.dumps(plain(last.event)))
    command = COMMANDS.get(last.kind, "")
    fields = _FIELDS.get(command, _as_it_is)(data)
    return {
        "command": command,
        "actor": last.actor,
        "effective_on": last.effective_on,
        "id": last.command_id,
        **fields,
    }


def _as_it_is(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in _RESULTS}


def _with_programme(data: dict[str, Any]) -> dict[str, Any]:
    return data


def _terms(data: dict[str, Any]) -> dict[str, Any]:
    return {"programme": data["programme"], **data["terms"]}


def _awards(data: dict[str, Any]) -> dict[str, Any]:
    fields = {name: data[name] for name in ("grant", "reason") if name in data}
    return fields | {"lines": [_on(line) | {"subsidy": line["award"]} for line in data["lines"]]}


def _acceptance(data: dict[str, Any]) -> dict[str, Any]:
    return {"claim": data["claim"], "disallow": data.get("disallowed", [])}


def _cancellation(data: dict[str, Any]) -> dict[str, Any]:
    recover = [
        _on(line) | {"amount": _sum(line["to_recover"])}
        for line in data["lines"]
        if line.get("to_recover")
    ]
    fields = {"grant": data["grant"], "reason": data["reason"]}
    return fields | ({"recover": recover} if recover else {})


def _orders(data: dict[str, Any]) -> dict[str, Any]:
    lines = [_on(line) | {"amount": _sum(line["draws"])} for line in data["lines"]]
    return {"grant": data["grant"], "reason": data["reason"], "lines": lines}


def _reversal(data: dict[str, Any]) -> dict[str, Any]:
    return {"event": data["entry"], "reason": data["reason"]}


def _settlement(data: dict[str, Any]) -> dict[str, Any]:
    return {"grant": data["grant"]}


def _sum(draws: list[dict[str, Any]]) -> int:
    return sum(draw["amount"] for draw in draws)


def _on(line: dict[str, Any]) -> dict[str, Any]:
    return {name: line[name] for name in ("company", "year", "case") if name in line}


_FIELDS = {
    "revise_terms": _terms,
    "allocate_budget": _with_programme,
    "apply": _with_programme,
    "approve": _awards,
    "amend": _awards,
    "accept_claim": _acceptance,
    "cancel": _cancellation,
    "order_recovery": _orders,
    "reverse": _reversal,
    "settle": _settlement,
}
