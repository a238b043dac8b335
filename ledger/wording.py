"""Every sentence the ledger says about a decision, in English and in Korean.

Amounts are whole won with thousands separated; days are days in Seoul. A sentence states the
fact, the number and the way out. The keys are the contract's rules or, where a rule has several
causes, the cause.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

Language: TypeAlias = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

RULES: tuple[str, ...] = (
    "invalid",
    "idempotency-conflict",
    "unknown",
    "already-exists",
    "wrong-status",
    "future-dated",
    "out-of-order",
    "year-not-open",
    "year-closed",
    "year-mismatch",
    "four-eyes",
    "company-excluded",
    "min-companies",
    "case-required",
    "case-not-allowed",
    "subsidy-ratio",
    "ineligible-cost",
    "duplicate-payment",
    "duplicate-evidence",
    "exceeds-request",
    "annual-cap",
    "case-cap",
    "programme-budget",
    "within-award",
    "advance-limit",
    "outstanding-balance",
    "not-reversible",
)
"""The slugs of the contract, from the most fundamental to the least."""

SENTENCES: dict[str, tuple[str, str]] = {
    # ── not a command ────────────────────────────────────────────────────────────────────
    "invalid": ("{what}", "{what}"),
    "idempotency-conflict": (
        "The id {id} was used before with another content (event {seq}). Use another id.",
        "식별자 {id}은(는) 다른 내용으로 이미 쓰였습니다(사건 {seq}). 다른 식별자를 쓰십시오.",
    ),
    "no-size": (
        "{company} is not a company; universities and institutes have no size.",
        "{company}은(는) 기업이 아닙니다. 대학과 연구기관에는 기업 규모가 없습니다.",
    ),
    "ends-before-it-begins": (
        "The exclusion would end on {until}, before it begins on {day}.",
        "참여제한이 시작일 {day}보다 앞선 {until}에 끝납니다.",
    ),
    "unseen-character": (
        "a character that cannot be seen (U+{code}) at place {place}: take it out",
        "{place}번째 자리에 보이지 않는 문자(U+{code})가 있습니다. 지우십시오",
    ),
    "reserved-id": (
        "ids that begin {prefix} belong to the ledger itself: choose another",
        "{prefix}(으)로 시작하는 식별자는 원장이 쓰는 것입니다. 다른 식별자를 쓰십시오",
    ),
    "reserved-actor": (
        "{actor} is the name of a part of the ledger, not of a person",
        "{actor}은(는) 원장의 한 부분을 가리키는 이름으로, 사람의 이름이 아닙니다",
    ),
    "too-short": ("it is empty", "비어 있습니다"),
    "too-long": (
        "{length} characters, at most {longest} are kept",
        "{length}자입니다. {longest}자까지 적을 수 있습니다",
    ),
    "business-number": (
        "a business number has ten digits: NNN-NN-NNNNN",
        "사업자등록번호는 열 자리 숫자입니다: NNN-NN-NNNNN",
    ),
    "empty-case": ("a case needs a letter or a digit", "건에는 글자나 숫자가 있어야 합니다"),
    "null": ("null is not a value: leave the field out", "null은 값이 아닙니다. 항목을 빼십시오"),
    "day-form": ("a day is written YYYY-MM-DD", "날짜는 YYYY-MM-DD로 적습니다"),
    "no-such-day": ("{day} is not a day of the calendar", "{day}은(는) 달력에 없는 날입니다"),
    "two-ceilings": (
        "two ceilings bound the same thing",
        "같은 대상에 한도가 두 개 있습니다",
    ),
    "evidence-twice": ("the same evidence twice", "같은 증빙이 두 번 있습니다"),
    "amount-of-nothing": ("an amount of 0 changes nothing", "0원은 아무것도 바꾸지 않습니다"),
    "shares-over-cost": (
        "subsidy, in_kind and local_share are {shares:,}, more than the total cost of {cost:,}",
        "보조금, 현물, 지방비의 합 {shares:,}원이 총사업비 {cost:,}원을 넘습니다",
    ),
    "lead-not-there": (
        "the lead {lead} is neither on a line nor a partner",
        "주관기관 {lead}이(가) 참여기업에 없습니다",
    ),
    "empty-list": (
        "an empty list: leave it out or name something",
        "목록이 비어 있습니다. 항목을 빼거나 채우십시오",
    ),
    "line-twice": ("the same line twice", "같은 몫이 두 번 있습니다"),
    "size-and-party": (
        "a company has a size, a university or institute has none",
        "기업에는 규모가 있어야 하고, 대학과 연구기관에는 없어야 합니다",
    ),
    "nothing-returned": (
        "amount and interest are both 0",
        "반납액과 이자가 모두 0원입니다",
    ),
    "one-entry": (
        "name the entry by event or by of, one of them",
        "취소할 기록을 event나 of 가운데 하나로 적으십시오",
    ),
    "field-twice": (
        "the field {field} is there twice",
        "항목 {field}이(가) 두 번 있습니다",
    ),
    "nothing-renamed": (
        "name or mini_cluster is missing: one of them at least changes",
        "name이나 mini_cluster 가운데 하나는 적어야 합니다",
    ),
    "sum-budget": (
        "The budget of {programme} for {year} would be {sums:,} won or more on some day. "
        "Sums stay below that: allocate less.",
        "{programme} {year}년 예산이 {sums:,}원 이상이 되는 날이 생깁니다. "
        "합계는 그보다 작아야 합니다. 금액을 줄이십시오.",
    ),
    "sum-interest": (
        "The interest of {programme} for {year} would be {sums:,} won or more on some day. "
        "Sums stay below that: is the interest mistyped?",
        "{programme} {year}년 이자가 {sums:,}원 이상이 되는 날이 생깁니다. "
        "합계는 그보다 작아야 합니다. 이자를 확인하십시오.",
    ),
    "sum-held": (
        "Case {case} would hold {sums:,} won or more on some day. "
        "Sums stay below that: award less.",
        "건 {case}의 금액이 {sums:,}원 이상이 되는 날이 생깁니다. "
        "합계는 그보다 작아야 합니다. 금액을 줄이십시오.",
    ),
    "claimed-too-much": (
        "The costs claimed by {company} for {year} would come to {sums:,} won or more. "
        "Sums stay below that: is a cost mistyped?",
        "{company}의 {year}년도 사용실적이 {sums:,}원 이상이 됩니다. "
        "합계는 그보다 작아야 합니다. 금액을 확인하십시오.",
    ),
    "applied-too-much": (
        "The total costs for {year} come to {sums:,} won or more. "
        "Sums stay below that: is a cost mistyped?",
        "{year}년도 총사업비의 합계가 {sums:,}원 이상입니다. "
        "합계는 그보다 작아야 합니다. 금액을 확인하십시오.",
    ),
    # ── unknown ──────────────────────────────────────────────────────────────────────────
    "unknown-company": (
        "{company} is not registered. Register it first.",
        "{company}은(는) 등록되지 않았습니다. 먼저 등록하십시오.",
    ),
    "unknown-company-mistyped": (
        "{company} is not registered, and its check digit is wrong: is it mistyped?",
        "{company}은(는) 등록되지 않았고 검증번호도 맞지 않습니다. 잘못 입력하지 않았습니까?",
    ),
    "unknown-programme": (
        "There is no programme {programme}.",
        "{programme}이라는 사업은 없습니다.",
    ),
    "unknown-grant": ("There is no grant {grant}.", "과제 {grant}은(는) 없습니다."),
    "unknown-line": (
        "Grant {grant} never applied for {company}, year {year}, case {case}.",
        "과제 {grant}은(는) {company}, {year}년, 건 {case}(으)로 신청한 적이 없습니다.",
    ),
    "unknown-claim": ("There is no claim {claim}.", "정산청구 {claim}은(는) 없습니다."),
    "unknown-evidence": (
        "Claim {claim} has no evidence {evidence}.",
        "정산청구 {claim}에는 증빙 {evidence}이(가) 없습니다.",
    ),
    "unknown-case": (
        "No application named the case {case}.",
        "건 {case}을(를) 적은 신청이 없습니다.",
    ),
    "unknown-event": ("There is no event {event}.", "사건 {event}은(는) 없습니다."),
    "unknown-command": (
        "No command with the id {of} was recorded.",
        "식별자 {of}(으)로 기록된 명령이 없습니다.",
    ),
    "no-terms-yet": (
        "{programme} has no terms that hold on {day}; its first edition holds later.",
        "{programme}에는 {day}에 시행 중인 지원조건이 없습니다. 첫 조건은 그 뒤에 시행됩니다.",
    ),
    "no-terms-in-year": (
        "At the end of {year} no programme had terms yet; the first hold from {first}. "
        "Is the year mistyped?",
        "{year}년 말에는 시행 중인 지원조건이 없습니다. 첫 조건은 {first}부터 시행됩니다. "
        "연도를 잘못 입력하지 않았습니까?",
    ),
    "no-terms-at-all": (
        "No programme has terms yet, so {year} has nothing to be opened for. "
        "Record the catalogue first.",
        "지원조건이 있는 사업이 하나도 없어 {year}년을 개시할 수 없습니다. "
        "사업 목록을 먼저 기록하십시오.",
    ),
    # ── exists ───────────────────────────────────────────────────────────────────────────
    "company-exists": (
        "{company} is registered already.",
        "{company}은(는) 이미 등록되어 있습니다.",
    ),
    "grant-exists": (
        "The grant id {grant} is taken. Choose another or leave it out.",
        "과제번호 {grant}은(는) 이미 있습니다. 다른 번호를 쓰거나 비워 두십시오.",
    ),
    "claim-exists": (
        "The claim id {claim} is taken. Choose another or leave it out.",
        "청구번호 {claim}은(는) 이미 있습니다. 다른 번호를 쓰거나 비워 두십시오.",
    ),
    "year-exists": (
        "The year {year} was opened before.",
        "{year} 회계연도는 이미 열렸습니다.",
    ),
    "case-identified": (
        "Case {case} has the application number {number} already.",
        "건 {case}에는 이미 출원번호 {number}이(가) 있습니다.",
    ),
    "number-taken": (
        "The application number {number} belongs to case {case}.",
        "출원번호 {number}은(는) 건 {case}의 것입니다.",
    ),
    # ── status ───────────────────────────────────────────────────────────────────────────
    "wrong-status-grant": (
        "Grant {grant} is {status}; that is not possible any more, or not yet.",
        "과제 {grant}의 상태가 {status}이어서 지금은 할 수 없습니다.",
    ),
    "line-not-approved": (
        "The line of {company} for {year} is not approved yet.",
        "{company}의 {year}년 몫은 아직 교부결정되지 않았습니다.",
    ),
    "line-approved": (
        "The line of {company} for {year} is approved already; to change it, amend it.",
        "{company}의 {year}년 몫은 이미 교부결정되었습니다. 바꾸려면 변경하십시오.",
    ),
    "nothing-to-approve": (
        "Grant {grant} has no line of {year} that waits for approval.",
        "과제 {grant}에는 교부결정을 기다리는 {year}년 몫이 없습니다.",
    ),
    "claim-accepted": (
        "Claim {claim} is accepted already.",
        "정산청구 {claim}은(는) 이미 인정되었습니다.",
    ),
    "year-is-closed": (
        "The year {year} is closed already, since {closed_on}.",
        "{year} 회계연도는 {closed_on}에 이미 마감되었습니다.",
    ),
    "year-is-open": (
        "The year {year} is open; there is nothing to reopen.",
        "{year} 회계연도는 열려 있어 다시 열 것이 없습니다.",
    ),
    # ── dates and years ──────────────────────────────────────────────────────────────────
    "future-dated": (
        "{day} lies ahead: today in Seoul is {today}.",
        "{day}은(는) 아직 오지 않았습니다. 서울의 오늘은 {today}입니다.",
    ),
    "year-not-begun": (
        "The year {year} has not begun: today in Seoul is {today}.",
        "{year}년은 아직 시작되지 않았습니다. 서울의 오늘은 {today}입니다.",
    ),
    "before-application": (
        "{day} lies before the application of {earlier}.",
        "{day}은(는) 신청일 {earlier}보다 앞섭니다.",
    ),
    "before-approval": (
        "{day} lies before the line's approval on {earlier}.",
        "{day}은(는) 교부결정일 {earlier}보다 앞섭니다.",
    ),
    "before-claim": (
        "{day} lies before the claim of {earlier}.",
        "{day}은(는) 청구일 {earlier}보다 앞섭니다.",
    ),
    "before-entry": (
        "{day} lies before the entry of {earlier} that is to be reversed.",
        "{day}은(는) 취소할 기록의 날 {earlier}보다 앞섭니다.",
    ),
    "before-closing": (
        "{day} lies before the closing on {earlier} that is to be undone.",
        "{day}은(는) 되돌릴 마감일 {earlier}보다 앞섭니다.",
    ),
    "before-newest-flow": (
        "{day} lies before the grant's newest flow, on {earlier}. Date it then or later.",
        "{day}은(는) 이 과제의 가장 최근 자금 이동일 {earlier}보다 앞섭니다. "
        "그날이나 그 뒤로 적으십시오.",
    ),
    "cost-after-claim": (
        "Evidence {evidence} is of {on}, after the claim's day {day}.",
        "증빙 {evidence}의 날짜 {on}이(가) 청구일 {day}보다 늦습니다.",
    ),
    "negative-day": (
        "{company} {year}, {programme}: dated {day}, {bucket} would be negative on some day: "
        "it holds as little as {limit:,} won from then on, {asked:,} are asked for.",
        "{company} {year}년 {programme}: {day}(으)로 적으면 {bucket} 잔액이 모자라는 날이 "
        "생깁니다. 그날부터 가장 적을 때 {limit:,}원이고, {asked:,}원이 필요합니다.",
    ),
    "negative-budget-day": (
        "{programme} {year}: dated {day}, the available budget would be negative on some day: "
        "it holds as little as {limit:,} won from then on, {asked:,} are asked for.",
        "{programme} {year}년: {day}(으)로 적으면 예산 잔액이 모자라는 날이 생깁니다. "
        "그날부터 가장 적을 때 {limit:,}원이고, {asked:,}원이 필요합니다.",
    ),
    "not-the-next-year": (
        "{year} is not the next year to open; that is {next}. No year is put before the first "
        "once a year was closed.",
        "다음에 개시할 회계연도는 {year}년이 아니라 {next}년입니다. 마감한 적이 있으면 첫 연도의 "
        "앞 연도는 개시할 수 없습니다.",
    ),
    "not-beside-years": (
        "{year} is not the next year to open: that is {next}, or {before}, the one before the "
        "first.",
        "{year}년은 개시할 차례가 아닙니다. 다음 연도인 {next}년이나 첫 연도의 앞 연도인 "
        "{before}년을 개시할 수 있습니다.",
    ),
    "earlier-year-open": (
        "{year} cannot close while {earlier} is open. Close {earlier} first.",
        "{earlier}년이 열려 있는 동안 {year}년을 마감할 수 없습니다. "
        "{earlier}년을 먼저 마감하십시오.",
    ),
    "year-not-over": (
        "{year} is not over on {day}; it closes on a later year's day.",
        "{day}에는 {year}년이 아직 끝나지 않았습니다. 이듬해의 날로 마감하십시오.",
    ),
    "not-the-last-closed": (
        "{year} is not the year closed last; that is {last}.",
        "마지막으로 마감된 해는 {year}년이 아니라 {last}년입니다.",
    ),
    "year-not-open": (
        "The year {year} was never opened. Open it first.",
        "{year} 회계연도는 열린 적이 없습니다. 먼저 여십시오.",
    ),
    "year-closed": (
        "The year {year} was closed on {closed_on}. Reopen it, or use a day of an open year.",
        "{year} 회계연도는 {closed_on}에 마감되었습니다. 다시 열거나 열린 해의 날을 쓰십시오.",
    ),
    "year-mismatch": (
        "{day} is not a day of {year}, the year that this is for.",
        "{day}은(는) 해당 연도인 {year}년의 날이 아닙니다.",
    ),
    "year-is-past": (
        "The line is for {year}, a year already past on {day}.",
        "{day}에는 이미 지난 {year}년의 몫을 신청했습니다.",
    ),
    "payment-outside-years": (
        "On {day} nothing of the line for {year} may be paid: "
        "committed money in {year}, carried money the year after, and nothing is payable.",
        "{day}에는 {year}년 몫에서 지급할 수 있는 것이 없습니다. 교부결정액은 {year}년에, "
        "이월액은 이듬해에 지급하며, 미지급 확정액도 없습니다.",
    ),
    "payment-not-carried-over": (
        "On {day} nothing of the line for {year} may be paid: committed money is paid in {year}. "
        "Carry it over first, dated in {year}, or date the payment in {year}.",
        "{day}에는 {year}년도분에서 지급할 수 있는 금액이 없습니다. 교부결정 잔액은 {year}년에만 "
        "지급합니다. {year}년 날짜로 먼저 이월하거나 지급일을 {year}년으로 적으십시오.",
    ),
    # ── people ───────────────────────────────────────────────────────────────────────────
    "four-eyes": (
        "{actor} did the step before ({what}); another person must do this one.",
        "{actor}은(는) 앞 단계({what})를 처리했습니다. 다른 사람이 처리해야 합니다.",
    ),
    "company-excluded": (
        "{company} is excluded on {day}, until {until}.",
        "{company}은(는) {day}에 참여제한 중입니다({until}까지).",
    ),
    # ── terms ────────────────────────────────────────────────────────────────────────────
    "min-companies": (
        "{there} companies take part; the terms ask for {least} or more.",
        "참여기업이 {there}개입니다. 지원조건은 {least}개 이상입니다.",
    ),
    "case-required": (
        "The programme works by case; each line must name one.",
        "건별로 지원하는 사업입니다. 각 몫에 건을 적으십시오.",
    ),
    "case-not-allowed": (
        "The programme does not work by case, but a line names {case}.",
        "건별로 지원하는 사업이 아닌데 건 {case}이(가) 적혀 있습니다.",
    ),
    "subsidy-ratio-lt": (
        "{company} {year}, {programme}: {asked:,} won is over the ratio: it must be less than "
        "{percent} % of the total cost of {total_cost:,}, at most {limit:,}.",
        "{company} {year}년 {programme}: {asked:,}원은 지원비율을 넘습니다. "
        "총사업비 {total_cost:,}원의 {percent}% 미만, 최대 {limit:,}원입니다.",
    ),
    "subsidy-ratio-le": (
        "{company} {year}, {programme}: {asked:,} won is over the ratio: {percent} % or less "
        "of the total cost of {total_cost:,}, at most {limit:,}.",
        "{company} {year}년 {programme}: {asked:,}원은 지원비율을 넘습니다. "
        "총사업비 {total_cost:,}원의 {percent}% 이내, 최대 {limit:,}원입니다.",
    ),
    "no-ratio": (
        "{company} {year}, {programme}: it has no ratio under these terms, so its subsidy is "
        "zero, not {asked:,}.",
        "{company} {year}년 {programme}: 이 지원조건의 지원비율이 없으므로 "
        "보조금은 {asked:,}원이 아니라 0원입니다.",
    ),
    "ineligible-cost": (
        "{category} is not paid for; the line's terms pay for: {eligible}.",
        "{category}은(는) 지원 비목이 아닙니다. 지원 비목: {eligible}.",
    ),
    # ── money ────────────────────────────────────────────────────────────────────────────
    "duplicate-payment": (
        "The bank reference {bank_ref} was recorded before (event {seq}).",
        "은행 거래번호 {bank_ref}은(는) 이미 기록되었습니다(사건 {seq}).",
    ),
    "duplicate-evidence": (
        "The evidence {evidence} was claimed before, in claim {claim}.",
        "증빙 {evidence}은(는) 정산청구 {claim}에서 이미 청구되었습니다(중복수급).",
    ),
    "exceeds-request": (
        "{company} {year}, {programme}: an award of {asked:,} won is over the {limit:,} asked for.",
        "{company} {year}년 {programme}: 교부액 {asked:,}원이 신청액 {limit:,}원을 넘습니다.",
    ),
    "over-company_year-le": (
        "{company} {year}, {programme}: the annual cap is {cap:,} won or less; "
        "{used:,} is used, {asked:,} more is asked for.",
        "{company} {year}년 {programme}: 연간 지원한도는 {cap:,}원 이내입니다. "
        "사용액 {used:,}원, 요청액 {asked:,}원.",
    ),
    "over-company_year-lt": (
        "{company} {year}, {programme}: the annual cap is less than {cap:,} won; "
        "{used:,} is used, {asked:,} more is asked for.",
        "{company} {year}년 {programme}: 연간 지원한도는 {cap:,}원 미만입니다. "
        "사용액 {used:,}원, 요청액 {asked:,}원.",
    ),
    "over-grant_year-le": (
        "{company} {year}, {programme}: the annual cap of one grant is {cap:,} won or less; "
        "{used:,} is used, {asked:,} more is asked for.",
        "{company} {year}년 {programme}: 과제당 연간 지원한도는 {cap:,}원 이내입니다. "
        "사용액 {used:,}원, 요청액 {asked:,}원.",
    ),
    "over-grant_year-lt": (
        "{company} {year}, {programme}: the annual cap of one grant is less than {cap:,} won; "
        "{used:,} is used, {asked:,} more is asked for.",
        "{company} {year}년 {programme}: 과제당 연간 지원한도는 {cap:,}원 미만입니다. "
        "사용액 {used:,}원, 요청액 {asked:,}원.",
    ),
    "over-case-le": (
        "Case {case}, {programme}: the per-case cap is {cap:,} won or less for its whole life; "
        "{used:,} is used, {asked:,} more is asked for.",
        "건 {case} {programme}: 건당 한도는 전 기간 {cap:,}원 이내입니다. "
        "사용액 {used:,}원, 요청액 {asked:,}원.",
    ),
    "over-case-lt": (
        "Case {case}, {programme}: the per-case cap is less than {cap:,} won for its whole life; "
        "{used:,} is used, {asked:,} more is asked for.",
        "건 {case} {programme}: 건당 한도는 전 기간 {cap:,}원 미만입니다. "
        "사용액 {used:,}원, 요청액 {asked:,}원.",
    ),
    "programme-budget": (
        "{programme} {year}: {available:,} won of the budget of {limit:,} is available, "
        "{asked:,} is asked for.",
        "{programme} {year}년: 예산 {limit:,}원 가운데 남은 것은 {available:,}원이고, "
        "요청액은 {asked:,}원입니다.",
    ),
    "programme-budget-later": (
        "{programme} {year}: on {day} {available:,} won of the budget of {limit:,} is available, "
        "{asked:,} is asked for. More counts from {counts_from} on: date this then or later.",
        "{programme} {year}년도 예산: {day} 현재 예산 {limit:,}원 가운데 잔액이 "
        "{available:,}원입니다. 이번 요청액 {asked:,}원. "
        "추가 예산은 {counts_from}부터 유효하므로 그 이후 날짜로 적으십시오.",
    ),
    "over-award": (
        "{company} {year}, {programme}: {asked:,} won is over what may be paid of the award of "
        "{award:,}, "
        "which is {limit:,}.",
        "{company} {year}년 {programme}: {asked:,}원은 교부액 {award:,}원 가운데 지급할 수 있는 "
        "{limit:,}원을 넘습니다.",
    ),
    "over-advanced": (
        "{company} {year}, {programme}: {asked:,} won is over the {limit:,} that is advanced.",
        "{company} {year}년 {programme}: {asked:,}원은 선지급 잔액 {limit:,}원을 넘습니다.",
    ),
    "over-committed": (
        "{company} {year}, {programme}: {asked:,} won is over the {limit:,} that is committed.",
        "{company} {year}년 {programme}: {asked:,}원은 미지급 교부결정액 {limit:,}원을 넘습니다.",
    ),
    "over-due": (
        "{company} {year}, {programme}: {asked:,} won is over the {limit:,} that is due.",
        "{company} {year}년 {programme}: {asked:,}원은 환수할 금액 {limit:,}원을 넘습니다.",
    ),
    "over-paid": (
        "{company} {year}, {programme}: {asked:,} won is over the {limit:,} that was paid and "
        "not recovered.",
        "{company} {year}년 {programme}: {asked:,}원은 지급되어 남아 있는 {limit:,}원을 넘습니다.",
    ),
    "drawn-already": (
        "{company} {year}, {programme}: an award of {award:,} won takes {asked:,} back, "
        "but only {limit:,} was not drawn yet.",
        "{company} {year}년 {programme}: 교부액을 {award:,}원으로 줄이면 "
        "{asked:,}원을 빼야 하는데, 아직 쓰이지 않은 것은 {limit:,}원입니다.",
    ),
    "advance-limit": (
        "{company} {year}, {programme}: {percent} % of the award of {award:,} won may be paid "
        "in advance, {limit:,}; {used:,} is outstanding, {asked:,} more is asked for.",
        "{company} {year}년 {programme}: 교부액 {award:,}원의 {percent}%인 {limit:,}원까지 "
        "선지급할 수 있습니다. 정산되지 않은 선지급 {used:,}원, 요청액 {asked:,}원.",
    ),
    "outstanding-balance": (
        "{company} {year}: not everything is settled: {advanced:,} won advanced, "
        "{payable:,} payable, {due:,} due.",
        "{company} {year}년: 정산이 끝나지 않았습니다. 선지급 {advanced:,}원, "
        "미지급 확정 {payable:,}원, 환수할 금액 {due:,}원.",
    ),
    "claims-undecided": (
        "{undecided} claims of grant {grant} are not decided yet.",
        "과제 {grant}에 결정되지 않은 정산청구가 {undecided}건 있습니다.",
    ),
    "not-reversible": (
        "Event {event} ({kind}) is not an entry that can be reversed.",
        "사건 {event}({kind})은(는) 취소할 수 있는 기록이 아닙니다.",
    ),
    "reversed-before": (
        "Event {event} was reversed before, by event {by}.",
        "사건 {event}은(는) 사건 {by}(으)로 이미 취소되었습니다.",
    ),
    "not-reversible-any-more": (
        "Grant {grant} is {status}; event {event} cannot be reversed any more.",
        "과제 {grant}의 상태가 {status}이어서 사건 {event}을(를) 더는 취소할 수 없습니다.",
    ),
    "moved-on": (
        "The money of event {event} has moved on: {bucket} holds {held:,} won, "
        "{missing:,} too little to reverse it. Reverse what came after it first.",
        "사건 {event}의 돈이 이미 옮겨졌습니다. {bucket} 잔액이 {held:,}원으로 {missing:,}원 "
        "모자랍니다. 그 뒤의 기록을 먼저 취소하십시오.",
    ),
    "evidence-claimed-since": (
        "The evidence {evidence} that it disallowed was claimed since, in claim {claim}.",
        "불인정했던 증빙 {evidence}이(가) 그 뒤 정산청구 {claim}에서 청구되었습니다.",
    ),
    # ── what would fit ───────────────────────────────────────────────────────────────────
    "fits": ("{fits:,} won would fit.", "{fits:,}원이면 가능합니다."),
    "nothing-fits": ("Nothing would fit.", "가능한 금액이 없습니다."),
    # ── warnings ─────────────────────────────────────────────────────────────────────────
    "warning-check-digit": (
        "The check digit of {business_number} is wrong: is it mistyped?",
        "{business_number}의 검증번호가 맞지 않습니다. 번호를 확인하십시오.",
    ),
    "warning-not-excluded": (
        "{business_number} was not excluded on {day}.",
        "{business_number}은(는) {day} 현재 참여제한 기간 중이 아닙니다.",
    ),
    "warning-still-excluded": (
        "{business_number} stays excluded until {until}: a longer exclusion goes on.",
        "{business_number}은(는) 더 긴 참여제한이 있어 {until}까지 계속 제한됩니다.",
    ),
    "warning-same-name": (
        "{business_number} had this name on that day already.",
        "{business_number}은(는) 그날 이미 이 이름이었습니다.",
    ),
    "warning-earned-less": (
        "The claim earned {earned:,} won but moved {moved:,}: {lost:,} is lost, since the year's "
        "money has lapsed or was not carried over.",
        "사용실적에 따른 확정액은 {earned:,}원이나 {moved:,}원만 반영되었습니다. "
        "해당 연도의 자금이 불용 처리되었거나 이월되지 않아 {lost:,}원은 지급할 수 없습니다.",
    ),
    "warning-claims-undecided": (
        "{claims} claims over {supply:,} won are not decided; what the year held for them lapses.",
        "결정되지 않은 사용실적 보고가 {claims}건(공급가액 {supply:,}원) 있습니다. "
        "해당 연도의 잔액은 불용 처리됩니다.",
    ),
    "warning-to-lapsed": (
        "{amount:,} won goes to lapsed, since its year is closed. "
        "To keep it, reopen the year before reversing.",
        "회계연도가 마감되어 {amount:,}원은 불용 처리됩니다. "
        "되살리려면 취소하기 전에 회계연도 마감을 먼저 취소해야 합니다.",
    ),
    "warning-part-advance": (
        "{payable:,} won was owed; the other {advance:,} is paid in advance.",
        "미지급 확정액은 {payable:,}원이므로 나머지 {advance:,}원은 선지급으로 처리됩니다.",
    ),
}


KOREAN_WORDS: dict[str, str] = {
    "available": "예산 잔액",
    "committed": "교부결정",
    "carried": "이월",
    "payable": "지급할 금액",
    "advanced": "선지급",
    "spent": "집행",
    "returned": "반납",
    "due": "환수할 금액",
    "recovered": "환수",
    "lapsed": "불용",
    "interest": "이자",
    "applied": "신청",
    "approved": "교부결정",
    "rejected": "반려",
    "withdrawn": "신청 철회",
    "settled": "정산",
    "cancelled": "교부결정 취소",
    "apply": "교부신청",
    "claim": "정산청구",
    "entry": "원래 기록",
    "close_year": "출납폐쇄",
    "approve": "교부결정",
    "amend": "증액",
    "order_recovery": "반환 명령",
    "cancel": "교부결정 취소",
}
"""Buckets, statuses and steps as Koreans call them."""

_WORDS = ("bucket", "status", "what")
"""The facts that are such words."""


class Unfit(ValueError):
    """A value that no command may have; says why in both languages."""

    def __init__(self, wording: str, **facts: object) -> None:
        self.wording, self.facts = wording, facts
        super().__init__(say(wording, "en", **facts))

    def said(self, language: Language) -> str:
        """Why, in a language."""
        return say(self.wording, language, **self.facts)


def say(wording: str, language: Language, **facts: object) -> str:
    """A sentence with its facts filled in."""
    if language == "ko":
        facts |= {
            name: KOREAN_WORDS.get(str(facts[name]), facts[name])
            for name in _WORDS
            if name in facts
        }
    return SENTENCES[wording][LANGUAGES.index(language)].format(**facts)
