"""Every sentence the ledger says about a decision, in English and in Korean.

Amounts are whole won with thousands separated; days are days in Seoul. A sentence states the
fact, the number and the way out. The keys are the contract's rules or, where a rule has several
causes, the cause; those of warnings are `warning-` and the contract's slug. Particles in Korean
are named by the form after a consonant, `{claim:은}` (`particles.py`).
"""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # ── not a command ────────────────────────────────────────────────────────────────────
    "invalid": ("{what}", "{what}"),
    "idempotency-conflict": (
        "The id {id} was used before with another content (event {seq}). Use another id.",
        "식별자 {id:은} 이미 다른 내용의 명령에 사용되었습니다(기록 {seq}). "
        "다른 식별자를 사용하십시오.",
    ),
    "cannot-be-read": (
        "{text} cannot be read: {why}",
        "{text:을} 읽을 수 없습니다. {why}",
    ),
    "no-size": (
        "{company} is not a company; universities and institutes have no size.",
        "{company:은} 기업이 아닙니다. 대학과 연구기관에는 기업 규모를 지정하지 않습니다.",
    ),
    "ends-before-it-begins": (
        "The exclusion would end on {until}, before it begins on {day}. "
        "Give {day} or a later day as its last.",
        "종료일 {until:이} 시작일 {day}보다 빠릅니다. 종료일을 {day} 이후로 적으십시오.",
    ),
    "unseen-character": (
        "a character that cannot be seen (U+{code}) at place {place}: take it out",
        "{place}번째 자리에 보이지 않는 문자(U+{code})가 있습니다. 지우십시오",
    ),
    "reserved-id": (
        "ids that begin {prefix} belong to the ledger itself: choose another",
        "{prefix:으로} 시작하는 식별자는 원장이 쓰는 것입니다. 다른 식별자를 쓰십시오",
    ),
    "reserved-actor": (
        "{actor} is the name of a part of the ledger, not of a person",
        "{actor:은} 원장의 한 부분을 가리키는 이름이며 사람의 이름이 아닙니다",
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
    "empty-case": (
        "a case needs a letter or a digit",
        "건에는 글자나 숫자가 하나 이상 있어야 합니다",
    ),
    "null": ("null is not a value: leave the field out", "null은 값이 아닙니다. 항목을 빼십시오"),
    "day-form": ("a day is written YYYY-MM-DD", "날짜는 YYYY-MM-DD 형식으로 적습니다"),
    "no-such-day": ("{day} is not a day of the calendar", "{day:은} 달력에 없는 날짜입니다"),
    "two-ceilings": (
        "two ceilings bound the same thing: leave one out",
        "같은 대상에 한도가 두 개 있습니다. 하나만 적으십시오",
    ),
    "evidence-twice": ("the same evidence twice", "같은 증빙이 두 번 적혀 있습니다"),
    "amount-of-nothing": (
        "an amount of 0 changes nothing",
        "0원으로는 예산이 달라지지 않습니다",
    ),
    "shares-over-cost": (
        "subsidy, in_kind and local_share are {shares:,}, more than the total cost of {cost:,}",
        "보조금, 현물, 지방비의 합계 {shares:,}원이 총사업비 {cost:,}원을 초과합니다",
    ),
    "lead-not-there": (
        "the lead {lead} is neither on a line nor a partner: add it to lines or to partners",
        "주관기관 {lead:이} 참여기업에 없습니다. lines나 partners에 추가하십시오",
    ),
    "empty-list": (
        "an empty list: leave it out or name something",
        "목록이 비어 있습니다. 항목을 빼거나 채우십시오",
    ),
    "line-twice": ("the same line twice", "같은 내역이 두 번 적혀 있습니다"),
    "size-and-party": (
        "a company has a size, a university or institute has none",
        "기업에는 기업 규모가 있어야 하고, 대학과 연구기관에는 없어야 합니다",
    ),
    "nothing-returned": (
        "amount and interest are both 0",
        "금액과 발생이자가 모두 0원입니다",
    ),
    "one-entry": (
        "name the entry by event or by of, one of them",
        "취소할 기록을 event나 of 가운데 하나로만 지정하십시오",
    ),
    "field-twice": (
        "the field {field} is there twice",
        "항목 {field:이} 두 번 있습니다",
    ),
    "nothing-renamed": (
        "name or mini_cluster is missing: one of them at least changes",
        "바꿀 이름(name)이나 미니클러스터(mini_cluster)를 적어야 합니다",
    ),
    "sum-budget": (
        "The budget of {programme} for {year} would be {sums:,} won or more on some day. "
        "Sums stay below that: allocate less.",
        "{programme} {year}년도 예산이 {sums:,}원 이상이 되는 날이 생깁니다. "
        "합계는 그보다 작아야 합니다. 금액을 줄이십시오.",
    ),
    "sum-interest": (
        "The interest of {programme} for {year} would be {sums:,} won or more on some day. "
        "Sums stay below that: is the interest mistyped?",
        "{programme} {year}년도 발생이자가 {sums:,}원 이상이 되는 날이 생깁니다. "
        "합계는 그보다 작아야 합니다. 발생이자를 확인하십시오.",
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
        "{company:은} 등록되어 있지 않습니다. 먼저 등록하십시오.",
    ),
    "unknown-company-mistyped": (
        "{company} is not registered, and its check digit is wrong: is it mistyped?",
        "{company:은} 등록되어 있지 않고 검증번호도 맞지 않습니다. 번호를 확인하십시오.",
    ),
    "unknown-programme": (
        "There is no programme {programme}; there are {known}.",
        "{programme:이라는} 사업은 없습니다. 사업: {known}.",
    ),
    "unknown-grant": ("There is no grant {grant}.", "과제번호가 {grant}인 과제는 없습니다."),
    "unknown-line": (
        "Grant {grant} has no line of {line}: it never applied for it.",
        "과제 {grant}에는 {line} 신청 내역이 없습니다.",
    ),
    "unknown-claim": (
        "There is no claim {claim}.",
        "보고번호가 {claim}인 사용실적 보고는 없습니다.",
    ),
    "unknown-evidence": (
        "Claim {claim} has no evidence {evidence}.",
        "사용실적 보고 {claim}에는 증빙 {evidence:이} 없습니다.",
    ),
    "unknown-case": (
        "No application named the case {case}.",
        "건 {case:으로} 신청한 내역이 없습니다.",
    ),
    "unknown-event": ("There is no event {event}.", "기록 {event:은} 없습니다."),
    "unknown-command": (
        "No command with the id {of} was recorded.",
        "식별자 {of:으로} 기록된 명령이 없습니다.",
    ),
    "no-terms-yet": (
        "{programme} has no terms that hold on {day}; its first edition holds later.",
        "{programme}에는 {day} 현재 시행 중인 지원조건이 없습니다. "
        "첫 지원조건은 그 뒤에 시행됩니다.",
    ),
    "no-terms-in-year": (
        "At the end of {year} no programme had terms yet; the first hold from {first}. "
        "Is the year mistyped?",
        "{year}년 말에는 시행 중인 지원조건이 없습니다. 첫 지원조건은 {first}부터 시행됩니다. "
        "연도를 확인하십시오.",
    ),
    "no-terms-at-all": (
        "No programme has terms yet, so {year} has nothing to be opened for. "
        "Record the catalogue first.",
        "지원조건이 있는 사업이 하나도 없어 {year}회계연도를 개시할 수 없습니다. "
        "사업 목록을 먼저 기록하십시오.",
    ),
    # ── exists ───────────────────────────────────────────────────────────────────────────
    "company-exists": (
        "{company} is registered already. Reclassify it to change its size.",
        "{company:은} 이미 등록되어 있습니다. 기업 규모가 바뀌었으면 규모를 변경하십시오.",
    ),
    "grant-exists": (
        "The grant id {grant} is taken. Choose another or leave it out.",
        "과제번호 {grant:은} 이미 사용 중입니다. 다른 번호를 쓰거나 비워 두십시오.",
    ),
    "claim-exists": (
        "The claim id {claim} is taken. Choose another or leave it out.",
        "보고번호 {claim:은} 이미 사용 중입니다. 다른 번호를 쓰거나 비워 두십시오.",
    ),
    "year-exists": (
        "The year {year} was opened before.",
        "{year}회계연도는 이미 개시되었습니다.",
    ),
    "case-identified": (
        "Case {case} has the application number {number} already.",
        "건 {case}에는 이미 출원번호 {number:이} 있습니다.",
    ),
    "number-taken": (
        "The application number {number} belongs to case {case}.",
        "출원번호 {number:은} 건 {case}의 것입니다.",
    ),
    # ── status ───────────────────────────────────────────────────────────────────────────
    "wrong-status-grant": (
        "Grant {grant} is {status}; this is possible only while a grant is {allowed}.",
        "과제 {grant}의 상태가 ‘{status}’이므로 처리할 수 없습니다(처리 가능한 상태: {allowed}).",
    ),
    "line-not-approved": (
        "The line of {line} is not approved yet. Approve it first.",
        "{line:은} 아직 교부결정되지 않았습니다. 먼저 교부결정을 하십시오.",
    ),
    "line-approved": (
        "The line of {line} is approved already; to change it, amend it.",
        "{line:은} 이미 교부결정되었습니다. 금액을 바꾸려면 교부결정을 변경하십시오.",
    ),
    "nothing-to-approve": (
        "Grant {grant} has no line of {year} that waits for approval.",
        "과제 {grant}에는 교부결정을 기다리는 {year}년도분 내역이 없습니다.",
    ),
    "claim-accepted": (
        "Claim {claim} is accepted already. To decide it anew, reverse its acceptance first.",
        "사용실적 보고 {claim:은} 이미 인정되었습니다. 다시 결정하려면 인정을 먼저 취소하십시오.",
    ),
    "year-is-closed": (
        "The year {year} is closed already, since {closed_on}.",
        "{year}회계연도는 {closed_on}에 이미 마감되었습니다.",
    ),
    "year-is-open": (
        "The year {year} is open; there is nothing to reopen.",
        "{year}회계연도는 마감되지 않았으므로 취소할 마감이 없습니다.",
    ),
    "year-was-reopened": (
        "The year {year} was reopened by a person, so only a person closes it again.",
        "{year}회계연도는 담당자가 마감을 취소한 해이므로 담당자만 다시 마감할 수 있습니다.",
    ),
    # ── dates and years ──────────────────────────────────────────────────────────────────
    "future-dated": (
        "{day} lies ahead: today in Seoul is {today}.",
        "{day}: 미래 날짜로는 기록할 수 없습니다(오늘: {today}).",
    ),
    "evidence-ahead": (
        "Evidence {evidence} is of {on}, which lies ahead: today in Seoul is {today}.",
        "증빙 {evidence}의 발생일 {on:이} 미래 날짜입니다(오늘: {today}).",
    ),
    "year-not-begun": (
        "The year {year} has not begun: today in Seoul is {today}.",
        "{year}회계연도는 아직 시작되지 않았습니다(오늘: {today}).",
    ),
    "before-application": (
        "{day} lies before the application of {earlier}. Date it then or later.",
        "{day:은} 신청일 {earlier}보다 빠릅니다. {earlier} 이후 날짜로 적으십시오.",
    ),
    "dated-before-approval": (
        "{day} lies before the approval of {line} on {earlier}. Date it then or later.",
        "{day:은} {line} 교부결정일 {earlier}보다 빠릅니다. {earlier} 이후 날짜로 적으십시오.",
    ),
    "before-claim": (
        "{day} lies before the claim of {earlier}. Date it then or later.",
        "{day:은} 사용실적 보고일 {earlier}보다 빠릅니다. {earlier} 이후 날짜로 적으십시오.",
    ),
    "before-entry": (
        "{day} lies before the entry of {earlier} that is to be reversed. Date it then or later.",
        "{day:은} 취소할 기록의 기준일 {earlier}보다 빠릅니다. {earlier} 이후 날짜로 적으십시오.",
    ),
    "before-closing": (
        "{day} lies before the closing on {earlier} that is to be undone. Date it then or later.",
        "{day:은} 취소할 마감의 기준일 {earlier}보다 빠릅니다. {earlier} 이후 날짜로 적으십시오.",
    ),
    "closing-ahead": (
        "The closing that is to be undone is dated {closed_on}, which lies ahead. "
        "Undo it today, {today}, not on {day}.",
        "취소할 마감의 기준일 {closed_on:이} 오늘보다 늦습니다. "
        "{day:이} 아니라 오늘({today}) 날짜로 취소하십시오.",
    ),
    "before-newest-flow": (
        "{day} lies before the grant's newest flow, on {earlier}. Date it then or later.",
        "{day:은} 이 과제의 마지막 자금 이동일 {earlier}보다 빠릅니다. "
        "{earlier} 이후 날짜로 적으십시오.",
    ),
    "cost-before-approval": (
        "Evidence {evidence} is of {on}, before the line's approval on {earlier}: "
        "only costs from then on are paid for.",
        "증빙 {evidence}의 발생일 {on:이} 교부결정일 {earlier}보다 빠릅니다. "
        "교부결정일 이후에 발생한 비용만 인정됩니다.",
    ),
    "cost-after-claim": (
        "Evidence {evidence} is of {on}, after the claim's day {day}. "
        "Date the claim {on} or later.",
        "증빙 {evidence}의 발생일 {on:이} 사용실적 보고일 {day}보다 늦습니다. "
        "보고일을 {on} 이후로 적으십시오.",
    ),
    "negative-day": (
        "{line}, {programme}: dated {day}, {bucket} would be negative on some day: "
        "it holds as little as {limit:,} won from then on, {asked:,} are asked for. "
        "It holds enough from {enough_from} on: date this then or later.",
        "{programme}, {line}: {day} 날짜로 기록하면 {bucket:이} 부족한 날이 생깁니다. "
        "그날 이후 가장 적을 때의 잔액은 {limit:,}원이고, 필요한 금액은 {asked:,}원입니다. "
        "{enough_from}부터는 부족하지 않으므로 그 이후 날짜로 적으십시오.",
    ),
    "negative-day-committed": (
        "{line}, {programme}: dated {day}, {bucket} would be negative on some day: "
        "it holds as little as {limit:,} won from then on, {asked:,} are asked for. "
        "It holds enough from {enough_from} on: date this then or later. "
        "What was reversed counts until the day of its reversal; "
        "a reversal dated on its entry's own day leaves no such gap.",
        "{programme}, {line}: {day} 날짜로 기록하면 {bucket:이} 부족한 날이 생깁니다. "
        "그날 이후 가장 적을 때의 잔액은 {limit:,}원이고, 필요한 금액은 {asked:,}원입니다. "
        "{enough_from}부터는 부족하지 않으므로 그 이후 날짜로 적으십시오. "
        "취소한 기록은 취소일 전날까지 잔액에 반영되므로, 취소는 원래 기록과 같은 날짜로 하면 "
        "이런 기간이 생기지 않습니다.",
    ),
    "negative-day-carried": (
        "{line}, {programme}: dated {day}, {bucket} would be negative on some day: "
        "it holds as little as {limit:,} won from then on, {asked:,} are asked for. "
        "To record what happened before a carry-over, reverse the carry-over first, record this, "
        "then carry over what is left. Or date this {enough_from} or later.",
        "{programme}, {line}: {day} 날짜로 기록하면 {bucket:이} 부족한 날이 생깁니다. "
        "그날 이후 가장 적을 때의 잔액은 {limit:,}원이고, 필요한 금액은 {asked:,}원입니다. "
        "이월 전의 거래이면 이월을 먼저 취소하고 이 건을 기록한 뒤 남은 금액을 다시 이월하십시오. "
        "그렇지 않으면 {enough_from} 이후 날짜로 적으십시오.",
    ),
    "negative-budget-day": (
        "{programme} {year}: dated {day}, the available budget would be negative on some day: "
        "it holds as little as {limit:,} won from then on, {asked:,} are asked for. "
        "Date it later.",
        "{programme} {year}년도 예산: {day} 날짜로 기록하면 예산 잔액이 부족한 날이 생깁니다. "
        "그날 이후 가장 적을 때의 잔액은 {limit:,}원이고, 필요한 금액은 {asked:,}원입니다. "
        "더 늦은 날짜로 적으십시오.",
    ),
    "not-the-next-year": (
        "{year} is not the next year to open; that is {next}. No year is put before the first "
        "once a year was closed.",
        "다음에 개시할 회계연도는 {year}년이 아니라 {next}년입니다. 마감한 적이 있으면 첫 연도의 "
        "직전 연도는 개시할 수 없습니다.",
    ),
    "not-beside-years": (
        "{year} is not the next year to open: that is {next}, or {before}, the one before the "
        "first.",
        "{year}회계연도는 개시할 차례가 아닙니다. 다음 연도인 {next}년이나 첫 연도의 직전 연도인 "
        "{before}년을 개시할 수 있습니다.",
    ),
    "earlier-year-open": (
        "{year} cannot close while {earlier} is open. Close {earlier} first.",
        "{earlier}회계연도가 마감되지 않아 {year}회계연도를 마감할 수 없습니다. "
        "{earlier}회계연도를 먼저 마감하십시오.",
    ),
    "year-not-over": (
        "{year} is not over on {day}; it closes on a later year's day.",
        "{day}에는 {year}회계연도가 아직 끝나지 않았습니다. 다음 연도의 날짜로 마감하십시오.",
    ),
    "not-the-last-closed": (
        "{year} is not the year closed last; that is {last}. Reopen {last} first.",
        "마지막으로 마감된 회계연도는 {year}년이 아니라 {last}년입니다. "
        "{last}회계연도의 마감을 먼저 취소하십시오.",
    ),
    "year-not-open": (
        "The year {year} was never opened. Open it first.",
        "{year}회계연도는 개시되지 않았습니다. 먼저 개시하십시오.",
    ),
    "year-closed": (
        "The year {year} was closed on {closed_on}. Reopen it, or use a day of an open year.",
        "{year}회계연도는 {closed_on}에 마감되었습니다. "
        "마감을 취소하거나 마감되지 않은 회계연도의 날짜로 적으십시오.",
    ),
    "year-mismatch": (
        "{day} is not a day of {year}, the year that this is for. Date it in {year}.",
        "{day:은} 해당 회계연도인 {year}년의 날짜가 아닙니다. {year}년 날짜로 적으십시오.",
    ),
    "year-is-past": (
        "The line of {line} is for a year already past on {day}.",
        "{line:은} {day} 현재 이미 지난 연도의 내역이므로 신청할 수 없습니다.",
    ),
    "payment-outside-years": (
        "{line}: nothing may be paid on {day}. Committed money is paid in {year}, carried money "
        "the year after, and nothing is payable.",
        "{day}에는 {line}에서 지급할 수 있는 금액이 없습니다. 교부결정 잔액은 {year}년에, "
        "이월액은 다음 연도에 지급하며, 미지급 확정액도 없습니다.",
    ),
    "payment-not-carried-over": (
        "{line}: nothing may be paid on {day}. {committed:,} won is committed but payable in "
        "{year} only: carry it over first, dated in {year}, or date the payment in {year}.",
        "{day}에는 {line}에서 지급할 수 있는 금액이 없습니다. 교부결정 잔액 {committed:,}원은 "
        "{year}년에만 지급할 수 있으므로, 먼저 {year}년 날짜로 이월하거나 지급일을 {year}년으로 "
        "적으십시오.",
    ),
    # ── people ───────────────────────────────────────────────────────────────────────────
    "four-eyes": (
        "{actor} did the step before ({what}); another person must do this one.",
        "앞 단계({what})를 {actor:이} 처리했습니다. 다른 사람이 처리해야 합니다.",
    ),
    "company-excluded": (
        "{company} is {exclusion} on {day}, until {until}. "
        "It may take part afterwards, or once it is readmitted.",
        "{company:은} {day} 현재 {exclusion} 기간 중입니다({until}까지). "
        "기간이 끝나거나 해제된 뒤에 처리할 수 있습니다.",
    ),
    # ── terms ────────────────────────────────────────────────────────────────────────────
    "min-companies": (
        "Only {there} of the {least} or more companies that the terms ask for take part.",
        "참여기업이 {there}개사입니다. 지원조건은 {least}개사 이상입니다.",
    ),
    "min-companies-uncounted": (
        "Only {there} of the {least} or more companies that the terms ask for take part. "
        "Universities and institutes are not counted: {uncounted}.",
        "참여기업이 {there}개사입니다. 지원조건은 {least}개사 이상입니다. "
        "대학과 연구기관은 기업 수에 넣지 않습니다: {uncounted}.",
    ),
    "case-required": (
        "{line}: the programme works by case; each line must name one.",
        "{line}: 건별로 지원하는 사업입니다. 내역마다 건을 적으십시오.",
    ),
    "case-not-allowed": (
        "{line}: the programme does not work by case. Leave the case out.",
        "{line}: 건별로 지원하는 사업이 아닙니다. 건을 빼십시오.",
    ),
    "subsidy-ratio-lt": (
        "{line}, {programme}: {asked:,} won is over the ratio: it must be less than "
        "{percent} % of the total cost of {total_cost:,}, at most {limit:,}.",
        "{programme}, {line}: 보조금 {asked:,}원이 지원비율을 초과합니다. "
        "총사업비 {total_cost:,}원의 {percent}% 미만, 최대 {limit:,}원입니다.",
    ),
    "subsidy-ratio-le": (
        "{line}, {programme}: {asked:,} won is over the ratio: {percent} % or less "
        "of the total cost of {total_cost:,}, at most {limit:,}.",
        "{programme}, {line}: 보조금 {asked:,}원이 지원비율을 초과합니다. "
        "총사업비 {total_cost:,}원의 {percent}% 이내, 최대 {limit:,}원입니다.",
    ),
    "no-ratio": (
        "{line}, {programme}: it has no ratio under these terms, so its subsidy is "
        "zero, not {asked:,}.",
        "{programme}, {line}: 지원조건에 해당하는 지원비율이 없으므로 "
        "보조금은 {asked:,}원이 아니라 0원이어야 합니다.",
    ),
    "ineligible-cost": (
        "Evidence {evidence}: {category} is not paid for; the line's terms pay for: {eligible}.",
        "증빙 {evidence}: {category:은} 인정되는 비목이 아닙니다. 인정 비목: {eligible}.",
    ),
    # ── money ────────────────────────────────────────────────────────────────────────────
    "duplicate-payment": (
        "The bank reference {bank_ref} was recorded before (event {seq}). "
        "If that entry is wrong, reverse it first.",
        "은행 거래번호 {bank_ref:은} 이미 기록되었습니다(기록 {seq}). "
        "그 기록이 잘못되었으면 먼저 취소하십시오.",
    ),
    "duplicate-evidence": (
        "The evidence {evidence} was claimed before, in claim {claim}.",
        "증빙 {evidence:은} 사용실적 보고 {claim}에 이미 사용되었습니다(증빙 중복 사용).",
    ),
    "exceeds-request": (
        "{line}, {programme}: an award of {asked:,} won is over the {limit:,} asked for.",
        "{programme}, {line}: 교부결정액 {asked:,}원이 신청액 {limit:,}원을 초과합니다.",
    ),
    "over-company_year-le": (
        "{line}, {programme}: the annual cap is {cap:,} won or less; "
        "{used:,} is used, {asked:,} more is asked for.",
        "{programme}, {line}: 연간 지원한도는 {cap:,}원 이내입니다. "
        "한도 사용액 {used:,}원, 이번 요청액 {asked:,}원.",
    ),
    "over-company_year-lt": (
        "{line}, {programme}: the annual cap is less than {cap:,} won; "
        "{used:,} is used, {asked:,} more is asked for.",
        "{programme}, {line}: 연간 지원한도는 {cap:,}원 미만입니다. "
        "한도 사용액 {used:,}원, 이번 요청액 {asked:,}원.",
    ),
    "over-grant_year-le": (
        "{line}, {programme}: the annual cap of one grant is {cap:,} won or less; "
        "{used:,} is used, {asked:,} more is asked for.",
        "{programme}, {line}: 과제당 연간 지원한도는 {cap:,}원 이내입니다. "
        "한도 사용액 {used:,}원, 이번 요청액 {asked:,}원.",
    ),
    "over-grant_year-lt": (
        "{line}, {programme}: the annual cap of one grant is less than {cap:,} won; "
        "{used:,} is used, {asked:,} more is asked for.",
        "{programme}, {line}: 과제당 연간 지원한도는 {cap:,}원 미만입니다. "
        "한도 사용액 {used:,}원, 이번 요청액 {asked:,}원.",
    ),
    "over-case-le": (
        "{line}, {programme}: the per-case cap is {cap:,} won or less for the case's whole life; "
        "{used:,} is used, {asked:,} more is asked for.",
        "{programme}, {line}: 건당 한도는 전 기간을 합하여 {cap:,}원 이내입니다. "
        "한도 사용액 {used:,}원, 이번 요청액 {asked:,}원.",
    ),
    "over-case-lt": (
        "{line}, {programme}: the per-case cap is less than {cap:,} won for the case's whole life; "
        "{used:,} is used, {asked:,} more is asked for.",
        "{programme}, {line}: 건당 한도는 전 기간을 합하여 {cap:,}원 미만입니다. "
        "한도 사용액 {used:,}원, 이번 요청액 {asked:,}원.",
    ),
    "programme-budget": (
        "{programme} {year}: {available:,} won of the budget of {limit:,} is available, "
        "{asked:,} is asked for.",
        "{programme} {year}년도: 예산 {limit:,}원 가운데 잔액이 {available:,}원입니다. "
        "이번 요청액 {asked:,}원.",
    ),
    "programme-budget-later": (
        "{programme} {year}: on {day} {available:,} won of the budget of {limit:,} is available, "
        "{asked:,} is asked for. More counts from {counts_from} on: date this then or later.",
        "{programme} {year}년도: {day} 현재 예산 {limit:,}원 가운데 잔액이 "
        "{available:,}원입니다. 이번 요청액 {asked:,}원. "
        "추가 예산은 {counts_from}부터 유효하므로 그 이후 날짜로 적으십시오.",
    ),
    "over-award": (
        "{line}, {programme}: {asked:,} won is over what may be paid of the award of "
        "{award:,}, which is {limit:,}.",
        "{programme}, {line}: 요청한 {asked:,}원이 교부결정액 {award:,}원 가운데 지급할 수 있는 "
        "{limit:,}원을 초과합니다.",
    ),
    "not-carried-over": (
        "{line}, {programme}: {asked:,} won is over what may be paid on {day}, which is {limit:,}. "
        "{committed:,} is committed but payable in {year} only: carry it over first, "
        "dated in {year}.",
        "{programme}, {line}: 요청한 {asked:,}원이 {day}에 지급할 수 있는 {limit:,}원을 "
        "초과합니다. "
        "교부결정 잔액 {committed:,}원은 {year}년에만 지급할 수 있으므로, "
        "먼저 {year}년 날짜로 이월하십시오.",
    ),
    "over-advanced": (
        "{line}, {programme}: {asked:,} won is over the {limit:,} that is advanced.",
        "{programme}, {line}: 반납액 {asked:,}원이 선지급 잔액 {limit:,}원을 초과합니다.",
    ),
    "over-committed": (
        "{line}, {programme}: {asked:,} won is over the {limit:,} that is committed.",
        "{programme}, {line}: 이월할 {asked:,}원이 교부결정 잔액 {limit:,}원을 초과합니다.",
    ),
    "over-due": (
        "{line}, {programme}: {asked:,} won is over the {limit:,} that is due.",
        "{programme}, {line}: 환수한 {asked:,}원이 미환수액 {limit:,}원을 초과합니다.",
    ),
    "over-paid": (
        "{line}, {programme}: {asked:,} won is over the {limit:,} that was paid and "
        "not returned or ordered back.",
        "{programme}, {line}: 반환을 명할 {asked:,}원이 지급액에서 반납액과 반환 명령액을 뺀 "
        "{limit:,}원을 초과합니다.",
    ),
    "drawn-already": (
        "{line}, {programme}: an award of {award:,} won takes {asked:,} back, "
        "but only {limit:,} was not drawn yet.",
        "{programme}, {line}: 교부결정액을 {award:,}원으로 낮추려면 {asked:,}원을 감액해야 하지만, "
        "감액할 수 있는 잔액은 {limit:,}원입니다.",
    ),
    "advance-limit": (
        "{line}, {programme}: {percent} % of the award of {award:,} won may be paid "
        "in advance, {limit:,}; {used:,} is outstanding, {asked:,} more is asked for. "
        "More is paid against accepted claims.",
        "{programme}, {line}: 교부결정액 {award:,}원의 {percent}%인 {limit:,}원까지 "
        "선지급할 수 있습니다. 선지급 잔액 {used:,}원, 이번 요청액 {asked:,}원. "
        "그 이상은 사용실적이 인정된 뒤에 지급할 수 있습니다.",
    ),
    "outstanding-balance": (
        "{line}: not everything is settled: {advanced:,} won advanced, "
        "{payable:,} payable, {due:,} due. Accept claims for what is advanced or record its "
        "return, pay what is payable, record what is recovered.",
        "{line}: 정산을 확정하기 전에 처리할 잔액이 있습니다. 선지급 {advanced:,}원, "
        "미지급 확정액 {payable:,}원, 미환수액 {due:,}원. 선지급은 사용실적을 인정하거나 반납받고, "
        "미지급 확정액은 지급하고, 미환수액은 환수하십시오.",
    ),
    "claims-undecided": (
        "Grant {grant} has claims that are not decided yet: {undecided}. Accept them, "
        "with what is not recognised disallowed.",
        "과제 {grant}에 결정되지 않은 사용실적 보고가 {undecided}건 있습니다. "
        "인정하거나, 인정하지 않을 증빙을 불인정으로 처리하십시오.",
    ),
    "not-reversible": (
        "Event {event} ({kind}) is not an entry that can be reversed.{instead}",
        "기록 {event}: {kind:은} 취소할 수 있는 기록이 아닙니다.{instead}",
    ),
    "reversed-before": (
        "Event {event} was reversed before, by event {by}.",
        "기록 {event:은} 기록 {by:으로} 이미 취소되었습니다.",
    ),
    "not-reversible-any-more": (
        "Grant {grant} is {status}; event {event} cannot be reversed any more.",
        "과제 {grant}의 상태가 ‘{status}’이므로 기록 {event:을} 더 이상 취소할 수 없습니다.",
    ),
    "moved-on": (
        "{line}: the money of event {event} has moved on: {bucket} holds {held:,} won, "
        "{missing:,} too little to reverse it. Reverse what came after it first.",
        "{line}: 기록 {event}의 자금이 이미 이동했습니다. {bucket:이} {held:,}원으로, "
        "취소하기에 {missing:,}원 부족합니다. 그 뒤의 기록을 먼저 취소하십시오.",
    ),
    "evidence-claimed-since": (
        "The evidence {evidence} that it disallowed was claimed since, in claim {claim}.",
        "불인정했던 증빙 {evidence:이} 그 뒤 사용실적 보고 {claim}에 사용되었습니다.",
    ),
    # ── what would fit ───────────────────────────────────────────────────────────────────
    "fits": (
        "At most {fits:,} won would fit for {company_name}.",
        "{company_name:은} 최대 {fits:,}원까지 가능합니다.",
    ),
    "fits-award": (
        "An award of {fits:,} won would fit for {company_name}, and no lower one.",
        "{company_name}의 교부결정액은 최소 {fits:,}원이어야 합니다.",
    ),
    "fits-cut": (
        "A cut of at most {fits:,} won would fit.",
        "최대 {fits:,}원까지 감액할 수 있습니다.",
    ),
    "nothing-fits": ("Nothing would fit.", "가능한 금액이 없습니다."),
    # ── what waits for a person ──────────────────────────────────────────────────────────
    "waits-after-silence": (
        "It waits for a person to confirm it: nobody has recorded anything since {newest}, "
        "{days} days ago, and after more than {most} it is not done by itself.",
        "담당자 확인 대기: {newest} 이후 {days}일 동안 담당자가 기록한 것이 없습니다. "
        "{most}일을 넘으면 자동으로 처리하지 않습니다.",
    ),
    "waits-its-turn": (
        "It waits for a person to confirm it: more than one year was due at once, and only one "
        "is done by itself.",
        "담당자 확인 대기: 여러 회계연도가 한꺼번에 도래하였습니다. 한 해만 자동으로 처리합니다.",
    ),
    # ── warnings ─────────────────────────────────────────────────────────────────────────
    "warning-check-digit": (
        "The check digit of {business_number} is wrong: is it mistyped?",
        "{business_number}의 검증번호가 맞지 않습니다. 번호를 확인하십시오.",
    ),
    "warning-not-excluded": (
        "{business_number} was not excluded on {day}.",
        "{business_number:은} {day} 현재 참여제한(수행배제) 기간 중이 아닙니다.",
    ),
    "warning-still-excluded": (
        "{business_number} stays excluded until {until}: a longer exclusion goes on.",
        "{business_number:은} 더 긴 참여제한(수행배제)이 있어 {until}까지 계속 제한됩니다.",
    ),
    "warning-same-name": (
        "{business_number} had this name or Mini Cluster on that day already.",
        "{business_number}의 기업명이나 미니클러스터가 그날 이미 같습니다.",
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
    # ── questions about what is not there ────────────────────────────────────────────────
    "no-such-company": (
        "There is no company, university or institute {company} in the ledger.",
        "사업자등록번호가 {company}인 기업이나 기관은 원장에 없습니다.",
    ),
    "no-such-programme": (
        "There is no programme {programme}. The programmes are {known}.",
        "코드가 {programme}인 사업은 없습니다. 사업: {known}",
    ),
    "no-such-grant": (
        "There is no grant {grant} in the ledger.",
        "과제번호가 {grant}인 과제는 원장에 없습니다.",
    ),
    "no-such-case": (
        "There is no case {case} in the ledger.",
        "번호가 {case}인 건은 원장에 없습니다.",
    ),
    "no-such-claim": (
        "There is no claim {claim} in the ledger.",
        "보고번호가 {claim}인 사용실적 보고는 원장에 없습니다.",
    ),
    "no-such-kind": (
        "There is no kind of event {named}. The kinds are {known}.",
        "종류가 {named}인 기록은 없습니다. 종류: {known}",
    ),
    "no-company-then": (
        "Company {company} was registered only after that position.",
        "그 시점에는 기업 {company}의 등록이 아직 기록되지 않았습니다.",
    ),
    "no-programme-then": (
        "Programme {programme} entered the ledger only after that position.",
        "그 시점에는 사업 {programme}의 지원조건이 아직 기록되지 않았습니다.",
    ),
    "no-grant-then": (
        "Grant {grant} had not been applied for at that moment.",
        "그 시점에는 과제 {grant}의 신청이 아직 없었습니다.",
    ),
    "no-claim-then": (
        "Claim {claim} had not been made at that moment.",
        "그 시점에는 사용실적 보고 {claim}의 제출이 아직 없었습니다.",
    ),
    "no-case-then": (
        "No application had named case {case} at that moment.",
        "그 시점에는 건 {case}에 대한 신청이 아직 없었습니다.",
    ),
    "no-event-then": (
        "Event {event} did not count yet at that moment.",
        "그 시점에는 기록 {event:이} 아직 반영되지 않았습니다.",
    ),
}


INSTEAD: dict[str, tuple[str, str]] = {
    "grant-applied": (
        "Withdraw or reject the application.",
        "신청 철회나 지원 제외로 처리하십시오.",
    ),
    "grant-approved": (
        "Amend the award, or cancel the grant.",
        "교부결정을 변경하거나 취소하십시오.",
    ),
    "award-amended": ("Amend the award once more.", "교부결정을 다시 변경하십시오."),
    "budget-allocated": (
        "Allocate the opposite amount.",
        "같은 금액을 반대 부호로 다시 배정하십시오.",
    ),
    "costs-claimed": (
        "Accept the claim with its evidence disallowed.",
        "사용실적 보고의 증빙을 불인정으로 처리하십시오.",
    ),
    "company-excluded": ("Readmit the company.", "참여제한(수행배제)을 해제하십시오."),
    "company-reclassified": (
        "Reclassify the company once more.",
        "기업 규모를 다시 변경하십시오.",
    ),
    "year-closed": ("Reopen the year.", "회계연도 마감을 취소하십시오."),
    "year-reopened": ("Close the year again.", "회계연도를 다시 마감하십시오."),
    "entry-reversed": ("Record the entry anew.", "원래 기록을 새로 입력하십시오."),
}
"""What is done instead about an event that cannot be reversed, by its kind."""
