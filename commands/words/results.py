"""What calls did, saw or found, in Korean, by the English text that says it.

Particles are named as in `sentences.py`. Sentences alone stand here: what programs read has no
language.
"""

from __future__ import annotations

KOREAN: dict[str, str] = {
    # ── receipts ─────────────────────────────────────────────────────────────────────────
    "on {day} by {actor}": "{day}, {actor}",
    "event {first}": "기록 {first}",
    "events {first}–{last}": "기록 {first}–{last}",
    "{command} was answered, nothing was recorded": (
        "{command} 명령에 답했으며 아무것도 기록하지 않았습니다"
    ),
    "{command} was recorded under the id {id}, event {seq}": (
        "{command} 명령을 id {id}, 기록 {seq:으로} 남겼습니다"
    ),
    "nothing is recorded": "아무것도 기록하지 않았습니다",
    "{place} and all before was executed": "{place}까지 모두 실행했습니다",
    "every line was executed": "모든 줄을 실행했습니다",
    "nothing to do": "할 일이 없습니다",
    "{done}, but whoever read the output left": "{done}. 그러나 출력을 읽던 쪽이 먼저 끝났습니다",
    "{done}, but it could not be printed: {reason}": (
        "{done}. 그러나 결과를 출력하지 못했습니다: {reason}"
    ),
    # ── keeping a ledger ─────────────────────────────────────────────────────────────────
    "{ledger}: {many} programmes recorded": "{ledger}: 세부사업 {many}개를 기록했습니다",
    "a key to sign with was made; its public half: {path}": (
        "서명할 키를 만들었습니다. 공개 키: {path}"
    ),
    "{events:,} events, root {root}": "기록 {events:,}건, 루트 {root}",
    "{place}: {events:,} events, root {root}": "{place}: 기록 {events:,}건, 루트 {root}",
    "{events:,} events folded": "기록 {events:,}건으로 다시 만들었습니다",
    "from event {seq:,} on, instants lie up to {by} ahead of now: a clock ran ahead, or this one "
    "is behind": (
        "기록 {seq:,}부터 시각이 지금보다 최대 {by} 앞서 있습니다. 어느 시계가 빨랐거나 이 시계가 "
        "늦습니다"
    ),
    # ── checkpoints and proofs ───────────────────────────────────────────────────────────
    "begins with the {size:,} events of a checkpoint": (
        "체크포인트의 기록 {size:,}건으로 시작합니다"
    ),
    "signed by {key}, a key from {place}": "서명 키 {key}({place}에서 찾음)",
    "before a backup was restored, another history had been signed ({what})": (
        "백업을 복원하기 전에 다른 내역에 서명한 적이 있습니다({what})"
    ),
    "event {seq} is in the log {origin}, among the first {size:,}": (
        "기록 {seq:은} 원장 {origin}의 처음 {size:,}건 안에 있습니다"
    ),
    "the log {origin} of {size:,} events begins with all {before:,} that the earlier checkpoint "
    "saw": "원장 {origin}의 기록 {size:,}건은 앞선 체크포인트가 본 {before:,}건으로 시작합니다",
    # ── the year-end clock ───────────────────────────────────────────────────────────────
    "To be done, in this order:": "다음 명령을 이 순서로 실행합니다.",
    "To confirm it: {call}": "확인하고 실행하려면: {call}",
    "Nothing is due.": "할 일이 없습니다.",
    # ── what nobody foresaw ──────────────────────────────────────────────────────────────
    "there is not enough memory for this": "이 작업을 하기에 메모리가 모자랍니다",
    "a text is not UTF-8: {text}": "UTF-8이 아닌 글자가 있습니다: {text}",
    "not foreseen: {what}": "예상하지 못한 일입니다: {what}",
    "{said} (logged in {path})": "{said} ({path}에 남겼습니다)",
    "{said} (not logged: {reason})": "{said} (로그를 남기지 못했습니다: {reason})",
    "something that happened could not be logged": "일어난 일을 로그에 남기지 못했습니다",
    "output": "출력",
    # ── help and progress ────────────────────────────────────────────────────────────────
    "Example": "예",
    "backup": "백업",
    "export": "내보내기",
    "load": "불러오기",
    "rebuild": "다시 만들기",
    "sign": "서명",
    "verify": "검증",
}
