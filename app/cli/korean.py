"""What the command line says of itself in its help, in Korean, by the English text."""

from __future__ import annotations

HELP: dict[str, str] = {
    "The grant ledger of the Korean Industrial Cluster Programme.": (
        "산업집적지 지원사업의 보조금 원장입니다."
    ),
    # ── groups ───────────────────────────────────────────────────────────────────────────
    "Record": "기록",
    "Ask": "조회",
    "Keep": "관리",
    "Commands": "명령",
    "Parameters": "옵션",
    "Arguments": "값",
    "Everywhere": "공통 옵션",
    "Display application version.": "버전을 표시합니다.",
    "Display this message and exit.": "이 도움말을 표시합니다.",
    # ── calls ────────────────────────────────────────────────────────────────────────────
    "Run files of commands, as JSON lines.": "명령 파일(JSON 행)을 실행합니다.",
    "Make the ledger and record the catalogue.": "원장을 만들고 사업 목록을 기록합니다.",
    "Play a story of two fiscal years on a new ledger.": (
        "새 원장에서 두 회계연도의 이야기를 펼칩니다."
    ),
    "Recompute everything and name what is wrong.": "모두 다시 계산해 틀린 곳을 알립니다.",
    "What the log is now, signed.": "지금의 원장에 서명합니다.",
    "A proof that an event is in the log.": "기록이 원장에 있음을 증명합니다.",
    "Check a proof; needs no ledger.": "증명을 확인합니다. 원장이 없어도 됩니다.",
    "The public keys that checkpoints are checked with.": "서명을 확인하는 공개 키를 봅니다.",
    "The whole log as JSON lines.": "원장 전체를 JSON 행으로 내보냅니다.",
    "Load an exported log into a new ledger.": "내보낸 기록을 새 원장에 불러옵니다.",
    "Copy a SQLite ledger while writers go on.": "기록이 이어지는 동안 SQLite 원장을 복사합니다.",
    "Build the projections anew from the log.": "기록에서 잔액을 다시 만듭니다.",
    "The year-end clock.": "연말 개시와 마감을 제때 실행합니다.",
    "Lists of things, as they were at any moment.": "어느 시점으로든 목록을 봅니다.",
    "One thing, whole: grant, company, programme, claim, case, event.": (
        "하나를 통째로 봅니다: grant, company, programme, claim, case, event."
    ),
    "Print what a shell needs to complete calls.": "셸의 자동 완성 스크립트를 출력합니다.",
    # ── options ──────────────────────────────────────────────────────────────────────────
    "SQLAlchemy URL of the ledger": "원장의 SQLAlchemy URL",
    "for people, for programs, or for a spreadsheet": "사람, 프로그램, 스프레드시트용",
    "-o json": "-o json과 같음",
    "language of messages; default from the locale": "말의 언어; 기본은 로캘을 따름",
    "folder of the keys; if left out, grant-keys beside a SQLite ledger, else in ~/.local/share": (
        "키 폴더; 생략하면 SQLite 원장 옆의 grant-keys, 아니면 ~/.local/share"
    ),
    "answer what would be recorded; write nothing": "기록될 내용만 답하고 기록하지 않음",
    "answer what would be recorded, each line as if those before it had been; write nothing": (
        "앞 행이 기록된 것처럼 차례로 답하고 기록하지 않음"
    ),
    "files of JSON lines; - for standard input": "JSON 행 파일; 표준 입력은 -",
    "what a refusal does to the rest": "처리 불가일 때 나머지를 어떻게 할지",
    "a text, such as a day, under which the same file is recorded anew": (
        "같은 파일을 새로 기록할 때 붙일 말(날짜 등)"
    ),
    "file of a checkpoint; several times": "서명 파일; 여러 번",
    "a public key that is trusted, or a file of them; several times": (
        "믿는 공개 키나 그 파일; 여러 번"
    ),
    "make a new key to sign with": "새 서명 키를 만듦",
    "sign although the log no longer extends what was signed last, because a backup was "
    "restored; this and every later checkpoint says so": (
        "백업을 복원해 마지막 서명과 이어지지 않아도 서명함; 이후의 서명에 모두 밝혀짐"
    ),
    "file of an earlier checkpoint that the log extends": "원장이 이어 온 앞선 서명 파일",
    "file of the proof": "증명 파일",
    "jsonl: every event, a line each": "jsonl: 기록마다 한 행",
    "file to be made; if left out, printed": "만들 파일; 생략하면 출력",
    "what export made; - for standard input": "내보낸 파일; 표준 입력은 -",
    "file to be made": "만들 파일",
    "a grant's id, or one of: grant, company, programme, claim, case, event": (
        "과제번호, 또는 grant, company, programme, claim, case, event 가운데 하나"
    ),
    "business number, slug, id or position": "사업자등록번호, slug, 식별자, 기록 번호",
    "do what is due and stop": "할 때가 된 것만 하고 끝냄",
    "with --once: do also what waits for a person": "--once와 함께: 확인을 기다리는 것도 실행함",
    "name of the shell": "셸의 이름",
}
