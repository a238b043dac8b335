"""What commands, questions and their fields say of themselves, in Korean, by the English text.

The English stands where the command, the question or the field is; a test holds that none of it
lacks its Korean here, and that nothing here is left that nobody says.
"""

from __future__ import annotations

HELP: dict[str, str] = {
    # ── commands ─────────────────────────────────────────────────────────────────────────
    "Register a company, university or institute.": "기업, 대학, 연구기관을 등록합니다.",
    "Enter a company, university or research institute into the register.": (
        "기업, 대학, 연구기관을 등록부에 올립니다."
    ),
    "Give a company another size from a day on.": "기준일부터 기업 규모를 변경합니다.",
    "Record that a company has another size from a day on.": (
        "기준일부터 기업 규모가 달라졌음을 기록합니다."
    ),
    "Give a company another name or Mini Cluster from a day on.": (
        "기준일부터 기업명이나 미니클러스터를 변경합니다."
    ),
    "Give a company, university or institute another name or Mini Cluster from a day on.": (
        "기준일부터 기업, 대학, 연구기관의 이름이나 미니클러스터를 변경합니다."
    ),
    "Exclude a company from taking part for a while (참여제한, 수행배제).": (
        "기업의 참여를 일정 기간 제한합니다(참여제한, 수행배제)."
    ),
    "Exclude a company from taking part, from a day on until another.": (
        "기준일부터 마지막 날까지 기업의 참여를 제한합니다."
    ),
    "End a company's exclusion early.": "기업의 참여제한을 앞당겨 해제합니다.",
    "Give a programme a new edition of its terms.": "사업의 지원조건을 개정합니다.",
    "Give a programme a new edition of its terms, holding from a day on (it may lie ahead).": (
        "기준일부터 적용되는 지원조건으로 개정합니다(앞날이어도 됩니다)."
    ),
    "Give a programme budget for a year, or take some back (예산).": (
        "사업에 연도 예산을 배정하거나 감액합니다."
    ),
    "Give a programme budget for a year, or take some back.": (
        "사업에 연도 예산을 배정하거나 감액합니다."
    ),
    "Open a fiscal year: its ceilings start afresh (회계연도).": (
        "회계연도를 개시합니다. 연간 한도가 새로 시작됩니다."
    ),
    "Open a fiscal year: approvals for it are possible, ceilings start afresh.": (
        "회계연도를 개시합니다. 교부결정이 가능해지고 연간 한도가 새로 시작됩니다."
    ),
    "Close a year's books: what is left lapses (회계연도 마감).": (
        "회계연도를 마감합니다. 남은 금액은 불용 처리됩니다."
    ),
    "Close a year: what is left of its awards, of last year's carry-overs and budgets lapses.": (
        "회계연도를 마감합니다. 남은 교부결정액, 전년도 이월액, 예산은 불용 처리됩니다."
    ),
    "Open the last closed year again (마감 취소).": (
        "마지막으로 마감한 회계연도의 마감을 취소합니다."
    ),
    "Open the last closed year again, for a reason and by a second person.": (
        "마지막으로 마감한 회계연도의 마감을 취소합니다. 사유와 다른 담당자가 필요합니다."
    ),
    "Apply for a grant (교부신청).": "보조금 교부를 신청합니다.",
    "Apply for a grant under one programme.": "한 사업의 보조금 교부를 신청합니다.",
    "Approve lines of a grant (교부결정).": "과제의 교부를 결정합니다.",
    "Approve lines of a grant, as asked or lower.": (
        "과제의 교부를 신청액 또는 그보다 낮은 금액으로 결정합니다."
    ),
    "Turn an application down (지원 제외).": "신청을 지원 대상에서 제외합니다.",
    "Turn an application down.": "신청을 지원 대상에서 제외합니다.",
    "Take an application back.": "신청을 철회합니다.",
    "Raise or lower awards.": "교부결정액을 올리거나 내립니다.",
    "Raise or lower awards of approved lines.": "교부결정액을 올리거나 내립니다.",
    "Record a payment to a company (지급).": "기업에 대한 지급을 기록합니다.",
    "Record a payment to a company: what is owed to it first, the rest in advance.": (
        "기업에 대한 지급을 기록합니다. 미지급 확정액부터 채우고 나머지는 선지급입니다."
    ),
    "Claim costs with evidence (사용실적 보고).": "증빙을 붙여 사용실적을 보고합니다.",
    "Claim costs of a line with their evidence.": "비용을 증빙과 함께 사용실적으로 보고합니다.",
    "Accept a claim, whole or in part (인정).": "사용실적을 전부 또는 일부 인정합니다.",
    "Accept a claim; what it earned is proven or becomes payable.": (
        "사용실적을 인정합니다. 인정액은 집행으로 확정되거나 미지급 확정액이 됩니다."
    ),
    "Record that unspent money came back (반납).": "집행하지 않은 금액의 반납을 기록합니다.",
    "Record that a company paid back what it had been advanced, perhaps with interest.": (
        "선지급액의 반납을 발생이자와 함께 기록합니다."
    ),
    "Carry committed money over into the next year (이월).": (
        "교부결정 잔액을 다음 연도로 이월합니다."
    ),
    "Carry committed money over into the following year; it lapses when that year closes.": (
        "교부결정 잔액을 다음 연도로 이월합니다. 그 연도가 마감되면 불용 처리됩니다."
    ),
    "Attach the patent office's number to a case.": "건에 특허청의 출원번호를 붙입니다.",
    "Attach the patent office's application number to a case; once.": (
        "건에 특허청의 출원번호를 한 번 붙입니다."
    ),
    "Cancel a grant for cause (교부결정 취소).": "사유가 있는 교부결정을 취소합니다.",
    "Cancel a grant for cause: release what was not paid, order back what is to be recovered.": (
        "교부결정을 취소합니다. 지급하지 않은 금액은 풀고, 환수 대상은 반환을 명합니다."
    ),
    "Order money to be paid back (반환 명령).": "보조금의 반환을 명합니다.",
    "Order money to be paid back.": "보조금의 반환을 명합니다.",
    "Record that recovered money arrived (환수).": "환수한 금액의 입금을 기록합니다.",
    "Record that a company paid what it was ordered to pay back, perhaps with interest.": (
        "반환 명령에 따른 환수를 발생이자와 함께 기록합니다."
    ),
    "Settle a grant: release what is left (정산 확정).": (
        "과제의 정산을 확정하고 잔액을 정리합니다."
    ),
    "Settle a grant: nothing advanced, payable, due or undecided may be left.": (
        "과제의 정산을 확정합니다. "
        "선지급 잔액, 미지급 확정액, 미환수액, 미결정 보고가 없어야 합니다."
    ),
    "Reverse a wrong entry.": "잘못된 기록을 취소합니다.",
    "Reverse an entry that was recorded wrongly.": "잘못 기록된 항목을 취소합니다.",
    # ── fields of commands ───────────────────────────────────────────────────────────────
    "makes the command idempotent; made if left out": (
        "같은 명령이 두 번 기록되지 않게 하는 식별자; 생략하면 만들어짐"
    ),
    "user id of whoever asks": "처리자의 사용자 식별자",
    "day on which it counts; today in Seoul if left out": "반영되는 날; 생략하면 서울의 오늘",
    "with or without hyphens": "하이픈은 있어도 없어도 됨",
    "name of the party": "기관의 이름",
    "company, university or research_institute": (
        "company(기업), university(대학), research_institute(연구기관)"
    ),
    "sme, mid_size or large; companies must have it, others must not": (
        "sme(중소), mid_size(중견), large(대); 기업만 지정"
    ),
    "sme, mid_size or large": "sme(중소), mid_size(중견), large(대)",
    "the Mini Cluster it belongs to": "소속 미니클러스터",
    "the Mini Cluster it belongs to; stays as it was if left out": (
        "소속 미니클러스터; 생략하면 그대로"
    ),
    "its name from that day on; stays as it was if left out": "그날부터의 이름; 생략하면 그대로",
    "why": "사유",
    "last day of the exclusion": "참여제한의 마지막 날",
    "ceilings: {per: company_year, grant_year or case; amount; bound: lt or le}": (
        "지원한도: {per: company_year·grant_year·case, amount, bound: lt(미만)·le(이하)}"
    ),
    "{percent, bound} for all sizes, or {sme: {…}, mid_size: {…}, large: {…}}": (
        "모든 규모에 {percent, bound}, 또는 규모별로 {sme: {…}, mid_size: {…}, large: {…}}"
    ),
    "fewest distinct companies in an application": "신청의 최소 참여기업 수",
    "cost categories that are paid for": "지원하는 비목",
    "cost categories that are never paid for": "지원하지 않는 비목",
    "share of the award that may be paid in advance": "교부결정액 가운데 선지급할 수 있는 비율",
    "where these terms are published": "지원조건이 공고된 곳",
    "programme of the catalogue": "사업(slug)",
    "fiscal year of the budget": "예산의 회계연도",
    "whole won; negative reduces the budget": "금액(원); 음수는 감액",
    "fiscal year to open": "개시할 회계연도",
    "fiscal year to close": "마감할 회계연도",
    "fiscal year to reopen": "마감을 취소할 회계연도",
    "id of the grant; made if left out": "과제번호; 생략하면 만들어짐",
    "title of the project": "과제명",
    "business number of the lead organisation": "주관기관의 사업자등록번호",
    "{company, year, case?, total_cost, subsidy, in_kind?, local_share?}": (
        "과제 내역: {company, year, case?, total_cost, subsidy, in_kind?, local_share?}"
    ),
    "business number of the company": "기업의 사업자등록번호",
    "fiscal year of the line": "해당 회계연도",
    "case of the line, under the property-right programmes": "산업재산권 사업의 건",
    "total cost in won, net of VAT: subsidy, own cash, in kind, local share": (
        "총사업비(원, 부가세 제외): 보조금, 현금, 현물, 지방비"
    ),
    "subsidy asked for, in won": "신청 보조금(원)",
    "own share in kind, in won": "현물 부담금(원)",
    "share of local government, in won": "지방비(원)",
    "further participants, without subsidy": "보조금을 받지 않는 참여기관",
    "id of the grant": "과제번호",
    "{company, year, case?, subsidy}; left out: all lines of the day's year that are not yet "
    "approved, as asked": (
        "교부결정 내역: {company, year, case?, subsidy}; "
        "생략하면 기준일 연도의 미결정분 전부를 신청액대로"
    ),
    "subsidy in whole won": "보조금(원)",
    "{company, year, case?, subsidy} with the new award": (
        "변경할 교부결정액: {company, year, case?, subsidy}"
    ),
    "amount paid, in whole won": "지급액(원)",
    "reference of the bank transfer": "이체번호",
    "id of the claim; made if left out": "보고번호; 생략하면 만들어짐",
    "{evidence, category, supply, vat?, incurred_on, supplier?}": (
        "증빙 내역: {evidence, category, supply, vat?, incurred_on, supplier?}"
    ),
    "number of the tax invoice or other evidence": "전자세금계산서 등 증빙번호",
    "cost category of the programme's terms": "지원조건의 비목",
    "cost net of VAT, in won": "공급가액(원)",
    "VAT, in won; never paid for": "부가세(원); 지원하지 않음",
    "day of the cost": "발생일",
    "who was paid": "공급자",
    "id of the claim": "보고번호",
    "{evidence, reason} of items that are not recognised": "불인정할 증빙: {evidence, reason}",
    "the evidence, as claimed": "보고한 증빙번호",
    "amount returned, in whole won; may be 0 with interest": (
        "반납액(원); 이자가 있으면 0이어도 됨"
    ),
    "interest that came with it, in won (발생이자)": "함께 들어온 발생이자(원)",
    "amount carried over, in whole won": "이월액(원)",
    "our docket id of the filing": "출원 건의 관리번호",
    "application number of the patent office": "특허청 출원번호",
    "{company, year, case?, amount} to be paid back": "반환 대상: {company, year, case?, amount}",
    "amount in whole won": "금액(원)",
    "amount received, in whole won": "입금액(원)",
    "position of the entry": "원래 기록의 번호",
    "id of the command that recorded it": "그것을 기록한 명령의 식별자",
    # ── questions ────────────────────────────────────────────────────────────────────────
    "What every bucket holds, at any moment.": "구분별 잔액을 어느 시점으로든 봅니다.",
    "What every bucket holds, now or as of any day, position, or both.": (
        "구분별 잔액을 지금, 또는 어느 날이나 기록의 시점으로 봅니다."
    ),
    "One grant with its lines, claims, events.": "과제 하나의 내역, 사용실적, 기록을 봅니다.",
    "One grant with its lines, claims and events.": "과제 하나의 내역, 사용실적, 기록을 봅니다.",
    "One company, its balances, events.": "기업 하나의 잔액과 기록을 봅니다.",
    "One company with its name, size and exclusion on the day, its balances, lines and events.": (
        "기업 하나의 그날 이름, 규모, 참여제한과 잔액, 내역, 기록을 봅니다."
    ),
    "One programme, its terms.": "사업 하나의 지원조건을 봅니다.",
    "One programme with its editions, the one in force on the day, and its balances by year.": (
        "사업 하나의 지원조건 개정 이력, 그날의 조건, 연도별 잔액을 봅니다."
    ),
    "One claim with its items and events.": "사용실적 보고 하나의 증빙과 기록을 봅니다.",
    "One case with its number, lines and events.": "건 하나의 출원번호, 내역, 기록을 봅니다.",
    "One case with its application number, its balances, lines and events.": (
        "건 하나의 출원번호, 잔액, 내역, 기록을 봅니다."
    ),
    "One event with what it moved.": "기록 하나와 그것이 옮긴 금액을 봅니다.",
    "One event with what it moved, and by which one it was reversed.": (
        "기록 하나와 그것이 옮긴 금액, 그것을 취소한 기록을 봅니다."
    ),
    "What waits: applications, claims, payments, the year end.": (
        "할 일: 신청, 사용실적, 지급, 연말 마감을 봅니다."
    ),
    "What waits: applications, claims, payments, advances, ceilings nearly used, the year end.": (
        "할 일: 신청, 사용실적, 지급, 선지급, 한도 근접, 연말 마감을 봅니다."
    ),
    "What a text may mean.": "말 하나가 무엇을 가리키는지 찾습니다.",
    "What a text may mean: companies by name or number, grants, claims, cases, bank references.": (
        "말 하나가 가리키는 기업, 과제, 보고, 건, 이체번호를 찾습니다."
    ),
    "Grants by status, company, year and more.": "상태, 기업, 연도 등으로 과제를 봅니다.",
    "Grants with their status and award, as they were at the moment.": (
        "그 시점의 상태와 교부결정액으로 과제를 봅니다."
    ),
    "Companies and their state.": "기업과 그 상태를 봅니다.",
    "Parties with their name, size and exclusion on the day.": (
        "기관을 그날의 이름, 규모, 참여제한과 함께 봅니다."
    ),
    "Claims and what became of them.": "사용실적 보고와 그 처리를 봅니다.",
    "Claims, undecided or accepted, as they were at the moment.": (
        "그 시점에 미결정이거나 인정된 사용실적 보고를 봅니다."
    ),
    "Payments, as the bank saw them.": "은행을 거친 지급, 반납, 환수를 봅니다.",
    "Payments, returns and recoveries, to be held against a bank's statement.": (
        "은행 거래내역과 맞추어 볼 지급, 반납, 환수를 봅니다."
    ),
    "Cases and what they use.": "건과 그 한도 사용액을 봅니다.",
    "Cases, by name, with what they had used by the moment.": (
        "건을 이름순으로, 그 시점의 한도 사용액과 함께 봅니다."
    ),
    "The catalogue.": "사업 목록을 봅니다.",
    "Programmes with what they pay for, and their terms.": (
        "사업과 지원 대상 비목, 지원조건을 봅니다."
    ),
    "What was reversed, by whom.": "무엇을 누가 취소했는지 봅니다.",
    "Reversals, each with the entry that it turned round.": "취소를 원래 기록과 함께 봅니다.",
    "Money through the bank by month and programme.": "은행을 거친 금액을 월별, 사업별로 봅니다.",
    "What was paid, returned and recovered, by month and programme, less what was reversed.": (
        "지급, 반납, 환수를 월별, 사업별로 봅니다(취소분 제외)."
    ),
    "The events one after another, with the balance after.": "기록과 그 뒤의 잔액을 차례로 봅니다.",
    "The events one after another with the balance after each.": (
        "기록과 그 뒤의 잔액을 차례로 봅니다."
    ),
    "The raw events.": "기록을 그대로 봅니다.",
    "The raw events in order of position.": "기록을 번호 순서로 그대로 봅니다.",
    "What changed between two positions or two days.": "두 기록 또는 두 날 사이의 변동을 봅니다.",
    "What changed between two positions, or between two days.": (
        "두 기록 또는 두 날 사이의 변동을 봅니다."
    ),
    # ── fields of questions ──────────────────────────────────────────────────────────────
    "as of the end of a day, YYYY-MM-DD": "그날의 끝을 기준으로, YYYY-MM-DD",
    "as known at a position of the log": "그 기록까지 알려진 대로",
    "as known at an instant, Seoul time if no zone; a day means its end": (
        "그 시각에 알려진 대로; 시간대가 없으면 서울 시각, 날짜만 쓰면 그날의 끝"
    ),
    "business number": "사업자등록번호",
    "fiscal year": "회계연도",
    "id of a grant": "과제번호",
    "case, typed in any way": "건(표기가 달라도 됨)",
    "what the flows are added up by": "집계 단위",
    "position of the event": "기록 번호",
    "percent from which a ceiling is nearly used": "한도에 가깝다고 볼 사용률(%)",
    "at most so many rows of each list": "목록마다 최대 행 수",
    "a name or part of one, a number, an id, a bank reference": (
        "이름이나 그 일부, 번호, 식별자, 이체번호"
    ),
    "at most so many rows, up to 1,000": "최대 행 수(1,000까지)",
    "where the page before ended": "앞 쪽이 끝난 자리",
    "first day, YYYY-MM-DD": "첫날, YYYY-MM-DD",
    "last day, YYYY-MM-DD": "마지막 날, YYYY-MM-DD",
    "recorded from a day or an instant on, Seoul time": (
        "그날 또는 그 시각부터 기록된 것(서울 시각)"
    ),
    "recorded by the end of a day, or by an instant": "그날의 끝 또는 그 시각까지 기록된 것",
    "what became of the grant": "과제의 상태",
    "takes part in it: business number": "참여 기업의 사업자등록번호",
    "has a line for this fiscal year": "이 회계연도의 내역이 있는 것",
    "recorded anything of it": "무엇이든 기록한 처리자",
    "part of its title": "과제명의 일부",
    "whether it may take part on the day": "그날 참여할 수 있는지",
    "part of its name": "이름의 일부",
    "what became of it": "처리 결과",
    "whose claim: business number": "보고한 기업의 사업자등록번호",
    "fiscal year of its line": "해당 회계연도",
    "id of its grant": "해당 과제번호",
    "made it, accepted it or reversed that": "보고, 인정 또는 인정 취소를 기록한 처리자",
    "whether it stands": "유효한지 취소되었는지",
    "which way the money went": "금액이 움직인 방향",
    "recorded it, or reversed it": "기록했거나 취소한 처리자",
    "has a line for it: business number": "내역이 있는 기업의 사업자등록번호",
    "reversed it, or recorded what was reversed": "취소했거나 취소된 것을 기록한 처리자",
    "first position": "첫 기록 번호",
    "last position": "마지막 기록 번호",
    "only events of this kind": "이 종류의 기록만",
    "only events of this claim": "이 보고의 기록만",
    "only what this person recorded": "이 처리자의 기록만",
    "only what came by this door": "이 경로로 들어온 기록만",
    "first day on which they count": "반영되는 첫날",
    "last day on which they count": "반영되는 마지막 날",
    "recorded after the end of the day before, or after an instant": (
        "그날부터 또는 그 시각 뒤에 기록된 것"
    ),
    "recorded by the end of a day, or an instant": "그날의 끝 또는 그 시각까지 기록된 것",
    "only positions after this one": "이 번호 뒤의 기록만",
    "at most so many": "최대 개수",
    "a position; twice": "기록 번호; 두 번",
    "a day; twice": "날짜; 두 번",
}
