"""What goes wrong outside the rules, in Korean, by the English text that an error carries.

Particles are named as in `sentences.py`. What the system, a server or a library says of it stands
in the sentence as it came.
"""

from __future__ import annotations

KOREAN: dict[str, str] = {
    # ── where the ledger is ──────────────────────────────────────────────────────────────
    "a ledger's file comes after three slashes: sqlite:///grants.db": (
        "원장 파일은 빗금 세 개 뒤에 적습니다: sqlite:///grants.db"
    ),
    "a ledger needs a file: sqlite:///grants.db": (
        "원장에는 파일이 있어야 합니다: sqlite:///grants.db"
    ),
    "{url} is not a ledger's URL: after a file only ?timeout=SECONDS is understood (a ? in its "
    "name is written %3F)": (
        "{url:은} 원장의 URL이 아닙니다. 파일 뒤에는 ?timeout=초만 쓸 수 있습니다"
        "(이름에 든 ?는 %3F로 적습니다)"
    ),
    "{url} is not the URL of a ledger, which lives in SQLite or PostgreSQL: sqlite:///grants.db, "
    "postgresql://user@host/database": (
        "{url:은} 원장의 URL이 아닙니다. 원장은 SQLite나 PostgreSQL에 둡니다: "
        "sqlite:///grants.db, postgresql://user@host/database"
    ),
    "{url} is not a ledger's URL: {error}": "{url:은} 원장의 URL이 아닙니다: {error}",
    "{path} is a folder, not a ledger": "{path:은} 폴더이며 원장이 아닙니다",
    "there is no ledger at {path}; make one with: grants init": (
        "{path}에 원장이 없습니다. 다음 명령으로 만드십시오: grants init"
    ),
    "this database holds no ledger; make one with: grants init": (
        "이 데이터베이스에는 원장이 없습니다. 다음 명령으로 만드십시오: grants init"
    ),
    "the ledger is empty: record its catalogue first, with: grants init": (
        "원장이 비어 있습니다. 먼저 사업 목록을 기록하십시오: grants init"
    ),
    "{name} is a number of seconds, such as 10, not {said!r}": (
        "{name:은} 10과 같은 초 단위 숫자여야 합니다: {said!r}"
    ),
    "this database is in use for something else (table {table})": (
        "이 데이터베이스는 다른 용도로 쓰이고 있습니다(테이블 {table})"
    ),
    "this file keeps its text in UTF-16: a ledger needs a file of its own": (
        "이 파일은 글자를 UTF-16으로 저장합니다. 원장에는 따로 파일이 있어야 합니다"
    ),
    "this database keeps its text in {encoding}, which alters what it cannot hold: a ledger needs "
    "UTF8 (createdb --template=template0 --encoding=UTF8)": (
        "이 데이터베이스는 글자를 {encoding:으로} 저장하므로 담지 못하는 글자가 바뀝니다. "
        "원장에는 UTF8이 필요합니다(createdb --template=template0 --encoding=UTF8)"
    ),
    "the database or the role sets {name}, under which the ledger is not safe: have its "
    "administrator set it to {wanted}": (
        "데이터베이스나 역할에 설정된 {name} 값으로는 원장이 안전하지 않습니다. "
        "데이터베이스 관리자에게 {wanted:으로} 바꾸도록 요청하십시오"
    ),
    "{path} has another name (a hard link): writers under each would keep a write-ahead log of "
    "their own, and lose what the other records. Remove the other name; nothing was recorded": (
        "{path:은} 다른 이름(하드 링크)으로도 있습니다. 이름마다 기록이 따로 쌓여 서로의 기록을 "
        "잃게 됩니다. 다른 이름을 없애십시오. 아무것도 기록되지 않았습니다"
    ),
    "{path} is no longer the file that was opened: it was moved, replaced or removed. Nothing was "
    "recorded; stop whatever uses the ledger, put it in its place, then start again": (
        "{path:은} 열었던 그 파일이 아닙니다. 옮겨지거나 바뀌거나 지워졌습니다. 아무것도 기록되지 "
        "않았습니다. 원장을 쓰는 것을 모두 멈추고 제자리에 둔 뒤 다시 시작하십시오"
    ),
    "{name} was removed or replaced while the ledger is in use. Nothing was recorded; stop "
    "whatever uses the ledger, then start again and verify it": (
        "원장을 쓰는 동안 {name:이} 지워지거나 바뀌었습니다. 아무것도 기록되지 않았습니다. "
        "원장을 쓰는 것을 모두 멈추고 다시 시작한 뒤 검증하십시오"
    ),
    # ── reaching it ──────────────────────────────────────────────────────────────────────
    "the ledger is busy: another writer held it past the wait; try again": (
        "원장이 사용 중입니다. 다른 기록 작업이 대기 시간을 넘겨 붙잡고 있었습니다. "
        "다시 시도하십시오"
    ),
    "a writer that hung was ended; nothing was recorded": (
        "멈춰 있던 기록 작업을 끝냈습니다. 아무것도 기록되지 않았습니다"
    ),
    "the server undid it for another's sake ({said}); nothing was recorded": (
        "서버가 다른 작업을 위해 되돌렸습니다({said}). 아무것도 기록되지 않았습니다"
    ),
    "the ledger is read-only here: check the rights on it, then try again": (
        "이곳에서는 원장을 읽기만 할 수 있습니다. 권한을 확인한 뒤 다시 시도하십시오"
    ),
    "the disk is full, or a limit is reached ({said}); nothing was recorded: make room, also where "
    "temporary files go, then try again": (
        "디스크가 가득 찼거나 한계에 이르렀습니다({said}). 아무것도 기록되지 않았습니다. "
        "임시 파일이 놓이는 곳까지 자리를 마련한 뒤 다시 시도하십시오"
    ),
    "the ledger cannot be reached: {said}": "원장에 연결할 수 없습니다: {said}",
    "the connection to the ledger broke: {said}": "원장과의 연결이 끊겼습니다: {said}",
    "the database failed: {said}": "데이터베이스 오류입니다: {said}",
    "a number is past what the ledger can count: {said}": (
        "원장이 셀 수 있는 범위를 넘는 숫자입니다: {said}"
    ),
    "the server committed, but its standby did not confirm it": (
        "서버는 기록을 마쳤으나 예비 서버가 확인하지 않았습니다"
    ),
    "the ledger's files were moved, replaced or removed while it was committed: put them in their "
    "place": ("기록하는 동안 원장 파일이 옮겨지거나 바뀌거나 지워졌습니다. 제자리에 두십시오"),
    "{error}; whether command {id} was recorded is not known: sent again under the same id, it is "
    "once": (
        "{error}. 명령 {id}의 기록 여부를 알 수 없습니다. 같은 식별자로 다시 보내면 한 번만 "
        "기록됩니다"
    ),
    "{error}; whether this batch of {many} commands was recorded is not known: sent again under "
    "the same id, it is once": (
        "{error}. 함께 보낸 명령 {many}건의 기록 여부를 알 수 없습니다. 같은 식별자로 다시 "
        "보내면 한 번만 기록됩니다"
    ),
    # ── what it should be ────────────────────────────────────────────────────────────────
    "this is not a whole ledger: {said}": "온전한 원장이 아닙니다: {said}",
    "this is not a whole ledger: it holds {held!r}": (
        "온전한 원장이 아닙니다. 다음 값이 들어 있습니다: {held!r}"
    ),
    "the log refused to be changed: {said}": "기록은 고칠 수 없습니다: {said}",
    "the ledger contradicts itself: {said}": "원장의 내용이 서로 맞지 않습니다: {said}",
    "the database itself was changed: {difference}": (
        "데이터베이스의 구조가 바뀌었습니다: {difference}"
    ),
    "an event is a JSON object": "기록은 JSON 객체여야 합니다",
    "data holds what its kind of event does not, or leaves something out": (
        "data에 이 종류의 기록에 없는 항목이 있거나 빠진 항목이 있습니다"
    ),
    "leaf_hash should be {leaf!r}, found {found!r}": (
        "leaf_hash가 {leaf!r}이어야 하는데 {found!r}입니다"
    ),
    "an event cannot be read: {error}": "기록을 읽을 수 없습니다: {error}",
    "an envelope cannot be read: {error}": "기록의 원문을 읽을 수 없습니다: {error}",
    "the head row of the log is missing": "기록의 머리 행이 없습니다",
    "the head row of the log is damaged: {error}": "기록의 머리 행이 손상되었습니다: {error}",
    "this ledger has format {version}, this software reads format {own}: carry it over with grants "
    "export (the software that made it) and grants load (this one)": (
        "이 원장의 형식은 {version}이며 이 프로그램은 형식 {own:을} 읽습니다. 만든 프로그램의 "
        "grants export와 이 프로그램의 grants load로 옮기십시오"
    ),
    "event {seq} is missing": "기록 {seq:이} 없습니다",
    "event {seq}: {error}": "기록 {seq}: {error}",
    "event {seq}: {what} should be {expected!r}, found {found!r}": (
        "기록 {seq}: {what:이} {expected!r}이어야 하는데 {found!r}입니다"
    ),
    "event {seq} cannot be folded: {error}": "기록 {seq:을} 반영할 수 없습니다: {error}",
    "command {command_id} was recorded before, at {first}": (
        "명령 {command_id:은} 이미 기록 {first:으로} 기록되었습니다"
    ),
    "the projections are of a newer version of this software ({built}, this one makes {own}): use "
    "that one": (
        "집계표가 이 프로그램의 더 새 판({built}, 이 판은 {own})으로 만들어졌습니다. "
        "그 판을 쓰십시오"
    ),
    "the projections were built anew by another version of this software ({version}, this one "
    "makes {own}): stop this one and use that": (
        "이 프로그램의 다른 판({version}, 이 판은 {own})이 집계표를 새로 만들었습니다. "
        "이 프로그램을 멈추고 그 판을 쓰십시오"
    ),
    "the projections are of another version; run: grants rebuild": (
        "집계표가 다른 판으로 만들어졌습니다. 다음을 실행하십시오: grants rebuild"
    ),
    "{table}: a second row for {key}": "{table}: {key}의 행이 하나 더 있습니다",
    "{table}: no row for {key}": "{table}: {key}의 행이 없습니다",
    "{name}: {column} of {row} should be {should!r}, found {found!r}": (
        "{name}: {row}의 {column:이} {should!r}이어야 하는데 {found!r}입니다"
    ),
    "{name}: {column} should be {value!r}, found {found!r}": (
        "{name}: {column:이} {value!r}이어야 하는데 {found!r}입니다"
    ),
    "{name}: should have one row, found {many}": (
        "{name}: 행이 하나여야 하는데 {many}개가 있습니다"
    ),
    "{name}: {found} should be {expected}": "{name}: {found:이} {expected}이어야 합니다",
    "{name}: a row that no event made: {found}": (
        "{name}: 어느 기록에서도 나오지 않은 행이 있습니다: {found}"
    ),
    "{name}: the row {expected} is missing": "{name}: {expected} 행이 없습니다",
    "index {index} is not what its table is: {how}; REINDEX makes it anew": (
        "색인 {index:이} 테이블과 맞지 않습니다: {how}. REINDEX로 새로 만드십시오"
    ),
    "the file is damaged: {said}": "파일이 손상되었습니다: {said}",
    "{found} where {expected} should be": "{expected:이} 있을 자리에 {found:이} 있습니다",
    # ── the tree, checkpoints and proofs ─────────────────────────────────────────────────
    "the log was rewritten: over events 1 to {last} the root {signed} was signed, now it is "
    "{found}": (
        "기록이 다시 쓰였습니다. 기록 1~{last}의 루트는 {signed:으로} 서명되었으나 지금은 "
        "{found}입니다"
    ),
    "the head row says that {size} events have the root {root}, but they add up to {found}": (
        "머리 행에는 기록 {size}건의 루트가 {root:이라는} 값으로 있으나 계산하면 {found}입니다"
    ),
    "events {first} to {last} are missing at the end: {last} were signed, the log has {size}": (
        "끝의 기록 {first}~{last:이} 없습니다. {last}건이 서명되었으나 {size}건만 있습니다"
    ),
    "nodes of the tree are not what the events add up to; run: grants rebuild": (
        "트리의 마디가 기록과 맞지 않습니다. 다음을 실행하십시오: grants rebuild"
    ),
    "of {size} events {missing} are missing; run: grants verify": (
        "기록 {size}건 가운데 {missing}건이 없습니다. 다음을 실행하십시오: grants verify"
    ),
    "the log has positions 1 to {size}, not {position}": (
        "기록 번호는 1부터 {size}까지이며 {position:은} 없습니다"
    ),
    "the log has positions 0 to {size}, not {position}": (
        "기록 번호는 0부터 {size}까지이며 {position:은} 없습니다"
    ),
    "the log has {size} events, the checkpoint saw {first}: some are missing at the end": (
        "기록이 {size}건이나 체크포인트에는 {first}건이 있었습니다. 끝의 기록이 없습니다"
    ),
    "nodes of the tree are missing; run: grants rebuild": (
        "트리의 마디가 없습니다. 다음을 실행하십시오: grants rebuild"
    ),
    "this server is a standby, which may show what its primary has not promised and may take back: "
    "ask the primary for what is to be signed": (
        "이 서버는 예비 서버여서 주 서버가 아직 보장하지 않은 것을 보일 수 있습니다. "
        "서명할 것은 주 서버에 요청하십시오"
    ),
    "a hash of the tree is damaged: {error}; run: grants verify": (
        "트리의 해시가 손상되었습니다: {error}. 다음을 실행하십시오: grants verify"
    ),
    "events {first} to {last} are missing at the end: the checkpoint saw {last} events, the log "
    "has {size}": (
        "끝의 기록 {first}~{last:이} 없습니다. 체크포인트에는 {last}건이 있었으나 "
        "{size}건만 있습니다"
    ),
    "the checkpoint is of another log, {other}; this one is {origin}, which its first event says": (
        "체크포인트는 다른 원장 {other}의 것입니다. 이 원장은 첫 기록에 따르면 {origin}입니다"
    ),
    "the log was rewritten: over events 1 to {size} the checkpoint saw the root {seen}, now it is "
    "{root}; what differs lies in events {first} to {size}": (
        "기록이 다시 쓰였습니다. 기록 1~{size}의 루트가 체크포인트에는 {seen}이나 지금은 "
        "{root}입니다. 기록 {first}~{size} 사이가 다릅니다"
    ),
    # ── the demo ─────────────────────────────────────────────────────────────────────────
    "the story expects {expected}, but {status}: {found}. {said} {command}": (
        "이야기와 다릅니다. 예상: {expected}, 결과 {status}: {found}. {said} {command}"
    ),
    "{name} cannot be made here: {reason}": "여기에 {name:을} 만들 수 없습니다: {reason}",
    "{ledger} is in use (event {seq}: {kind}); the demo plays on a new ledger only": (
        "{ledger:은} 사용 중입니다(기록 {seq}: {kind}). 데모는 새 원장에서만 실행합니다"
    ),
    "{programme} {year} does not add up to its budget": (
        "{programme} {year}년도의 합계가 예산과 맞지 않습니다"
    ),
    # ── notes, keys and trees ────────────────────────────────────────────────────────────
    "no known key signed the note: it is signed by {keys}, known is {known}": (
        "아는 키로 서명되지 않았습니다. 서명한 키: {keys}, 아는 키: {known}"
    ),
    "a note is UTF-8 without control characters other than the newline: found {character!r} at "
    "position {position}": (
        "노트는 줄바꿈 말고는 제어 문자가 없는 UTF-8이어야 합니다. {position}번째에 "
        "{character!r:이} 있습니다"
    ),
    "a note has a text, a blank line and signature lines, each with its end": (
        "노트는 본문, 빈 줄, 서명 줄로 되어 있고 줄마다 줄바꿈으로 끝나야 합니다"
    ),
    "a note has at most {most} signatures, not {many}": (
        "노트의 서명은 {most}개까지입니다. 이 노트에는 {many}개가 있습니다"
    ),
    "the text of a note ends in a newline": "노트의 본문은 줄바꿈으로 끝나야 합니다",
    "a signature line reads '— <name> <base64>', not {line!r}": (
        "서명 줄은 '— <이름> <base64>'로 적습니다: {line!r}"
    ),
    "the signature of {name} has {many} bytes: too short": (
        "{name}의 서명이 {many}바이트뿐이어서 짧습니다"
    ),
    "the signature of {key_id} is wrong: it, or the text above it, was changed": (
        "{key_id}의 서명이 맞지 않습니다. 서명이나 그 위의 본문이 바뀌었습니다"
    ),
    "it names the log {origin!r}, and is signed for {names}": (
        "원장 {origin!r}의 것이라 하면서 {names}의 이름으로 서명되어 있습니다"
    ),
    "{origin} and {other} are two logs": "{origin:과} {other:은} 서로 다른 원장입니다",
    "a checkpoint has at least three lines (origin, size, root), none of them empty, and ends in "
    "a newline": (
        "체크포인트는 빈 줄 없이 세 줄(이름, 크기, 루트) 이상이며 줄바꿈으로 끝나야 합니다"
    ),
    "origin": "이름",
    "extension": "추가 줄",
    "the {what} of a checkpoint is one line, not {line!r}": (
        "체크포인트의 {what:은} 한 줄이어야 합니다: {line!r}"
    ),
    "the size of a checkpoint is 0 to {most}, not {size}": (
        "체크포인트의 크기는 0에서 {most}까지입니다: {size}"
    ),
    "the size of a checkpoint is a decimal number without leading zeros, not {size!r}": (
        "체크포인트의 크기는 0으로 시작하지 않는 십진수여야 합니다: {size!r}"
    ),
    "the root of a checkpoint has {wanted} bytes, not {many}": (
        "체크포인트의 루트는 {wanted}바이트여야 합니다: {many}바이트"
    ),
    "the root of a checkpoint": "체크포인트의 루트",
    "the signature of {name}": "{name}의 서명",
    "the key": "키",
    "{what} is not base64: {error}": "{what:이} base64가 아닙니다: {error}",
    "{what} is not base64 as it is written": "{what:이} 정해진 base64 표기가 아닙니다",
    "a verifier key reads <name>+<hash>+<base64>": ("공개 키는 <이름>+<해시>+<base64>로 적습니다"),
    "a signer key reads PRIVATE+KEY+<name>+<hash>+<base64>": (
        "개인 키는 PRIVATE+KEY+<이름>+<해시>+<base64>로 적습니다"
    ),
    "the key is not an Ed25519 key, the only kind known here": (
        "Ed25519 키가 아닙니다. 여기서는 Ed25519 키만 씁니다"
    ),
    "an Ed25519 key has {wanted} bytes, not {many}": (
        "Ed25519 키는 {wanted}바이트여야 합니다: {many}바이트"
    ),
    "the name of a key is not empty and has no space or plus, not {name!r}": (
        "키의 이름은 비어 있지 않고 빈칸이나 +가 없어야 합니다: {name!r}"
    ),
    "the key hash {key_hash!r} is not that of this name and key, which is {own!r}: one of the "
    "three was changed": (
        "키 해시 {key_hash!r:이} 이 이름과 키의 해시 {own!r:과} 다릅니다. 셋 가운데 하나가 "
        "바뀌었습니다"
    ),
    "the key of {name} does not sign for {origin}": (
        "{name}의 키로는 {origin:을} 서명할 수 없습니다"
    ),
    "a hash has {wanted} bytes, not {length}": "해시는 {wanted}바이트여야 합니다: {length}바이트",
    "a tree cannot have {size} leaves": "트리의 잎이 {size}개일 수 없습니다",
    "the edge of a tree of {size} leaves has {wanted} hashes, not {many}": (
        "잎이 {size}개인 트리의 가장자리는 해시 {wanted}개여야 합니다: {many}개"
    ),
    "a tree of {size} leaves has no leaf {index} (they count from 0)": (
        "잎이 {size}개인 트리에는 잎 {index:이} 없습니다(0부터 셉니다)"
    ),
    "a tree of {size} leaves cannot have grown from one of {first}": (
        "잎이 {size}개인 트리가 {first}개인 트리에서 자랄 수 없습니다"
    ),
    "the root {first_root} is not that of a tree without leaves, which is {empty}": (
        "루트 {first_root:이} 잎이 없는 트리의 루트 {empty:과} 다릅니다"
    ),
    "two trees of {size} leaves have different roots: {first_root} and {root}": (
        "잎이 {size}개인 두 트리의 루트가 서로 다릅니다: {first_root}, {root}"
    ),
    "from {first} to {size} leaves there is nothing to prove, yet the path has {many} hashes": (
        "잎 {first}개에서 {size}개까지는 증명할 것이 없는데 경로에 해시 {many}개가 있습니다"
    ),
    "from {first} to {size} leaves a path has at least one hash": (
        "잎 {first}개에서 {size}개까지의 경로에는 해시가 하나 이상 있어야 합니다"
    ),
    "the path leads to another older tree of {first} leaves: its root is {old}, not {first_root}": (
        "경로가 잎 {first}개인 다른 이전 트리에 이릅니다. 루트가 {first_root:이} 아니라 {old}입니다"
    ),
    "the path leads to another tree of {size} leaves: its root is {new}, not {root}": (
        "경로가 잎 {size}개인 다른 트리에 이릅니다. 루트가 {root:이} 아니라 {new}입니다"
    ),
    "the path of {many} hashes is too long: it goes past the root": (
        "해시 {many}개의 경로가 루트를 지나 너무 깁니다"
    ),
    "the path of {many} hashes is too short: it ends before the root": (
        "해시 {many}개의 경로가 루트에 이르지 못합니다"
    ),
    "event {seq} leads to the root {root}, the checkpoint has {own}": (
        "기록 {seq:은} 루트 {root}에 이르나 체크포인트의 루트는 {own}입니다"
    ),
    "the first event names the log {named}, the checkpoint is of {origin}": (
        "첫 기록은 원장 {named}의 것이나 체크포인트는 {origin}의 것입니다"
    ),
    "what was signed last is not known: put {file} back beside the key": (
        "마지막으로 서명한 것을 알 수 없습니다. {file:을} 키 옆에 되돌려 놓으십시오"
    ),
    "{file} is not what was signed last: {error}": (
        "{file:이} 마지막으로 서명한 것이 아닙니다: {error}"
    ),
    "{file} is of another log, {origin}": "{file:은} 다른 원장 {origin}의 것입니다",
    "{why}. Nothing was signed. {way_on}": "{why}. 아무것도 서명하지 않았습니다. {way_on}",
    "If this is a backup that was restored, and what came later is given up (or if what was "
    "signed is lost for good): grants checkpoint --after-restore, which that and every later "
    "checkpoint will tell": (
        "백업을 복원한 것이고 그 뒤의 기록을 포기한다면(또는 서명한 것을 영영 잃었다면) 다음 "
        "명령을 쓰십시오: grants checkpoint --after-restore. 그 체크포인트와 이후의 모든 "
        "체크포인트에 그 사실이 적힙니다"
    ),
    # ── what a database holds that cannot be there ───────────────────────────────────────
    "{table}: {column} should be {name}, found {found}; run: grants verify": (
        "{table}: {column:은} {name} 값이어야 하나 {found} 값이 있습니다. 다음 명령으로 "
        "검증하십시오: grants verify"
    ),
    "{name} is missing": "{name:이} 없습니다",
    "{name} should be {definition!r}, found {found!r}": (
        "{name:은} {definition!r}여야 하나 {found!r:이} 있습니다"
    ),
    "{name} is no part of a ledger": "{name:은} 원장의 것이 아닙니다",
    # ── proofs ───────────────────────────────────────────────────────────────────────────
    "a proof is a JSON object with event (or before), path and checkpoint": (
        "증명은 event(또는 before), path, checkpoint를 갖춘 JSON 객체입니다"
    ),
    "this is no proof: {form}": "증명이 아닙니다: {form}",
    "this is no proof: {form}, the path a list of hashes, notes as text": (
        "증명이 아닙니다: {form}, path는 해시 목록, note는 문자열이어야 합니다"
    ),
    "this is no proof: {error}": "증명이 아닙니다: {error}",
    "the proof does not hold: {error}": "증명이 맞지 않습니다: {error}",
    "the proof does not hold: event: {error}": "증명이 맞지 않습니다. 기록: {error}",
    "the log extends what was signed last: nothing is to be given up": (
        "기록이 마지막으로 서명한 것에 이어져 있습니다. 포기할 것이 없습니다"
    ),
    "the checkpoint {file} cannot be trusted: {error}": (
        "체크포인트 {file:을} 믿을 수 없습니다: {error}"
    ),
    "whether {file} is true cannot be told: that needs the public key {keys}, and in {places} "
    "there is {found}. Name the key with --key, or its folder with --keys": (
        "{file:이} 참인지 알 수 없습니다. 공개 키 {keys:이} 필요하나 {places}에는 "
        "{found:이} 있습니다. --key로 키를, 또는 --keys로 폴더를 지정하십시오"
    ),
    "name the key that you trust with --key: the proof is of {origin!r}, the ledger here is "
    "{own}": (
        "믿는 키를 --key로 지정하십시오. 증명은 {origin!r}의 것이며 이곳의 원장은 {own}입니다"
    ),
    "name the key that you trust with --key: there is no ledger here to take it from ({error})": (
        "믿는 키를 --key로 지정하십시오. 이곳에는 키를 가져올 원장이 없습니다({error})"
    ),
    # ── keys, and files that are ours alone ──────────────────────────────────────────────
    "the ledger's URL cannot be read: name the keys with --keys": (
        "원장의 URL을 읽을 수 없습니다. --keys로 키를 지정하십시오"
    ),
    "there is no home folder for the keys: name one with --keys": (
        "키를 둘 홈 폴더가 없습니다. --keys로 지정하십시오"
    ),
    "there is no key of {origin} in {folder}: if the ledger has one elsewhere, name its folder "
    "with --keys or GRANTS_KEYS; if it has none, make one with: grants keys --rotate": (
        "{folder}에 {origin}의 키가 없습니다. 다른 곳에 있으면 --keys나 GRANTS_KEYS로 폴더를 "
        "지정하고, 없으면 다음 명령으로 만드십시오: grants keys --rotate"
    ),
    "{said} is neither a public key nor a file of them: {error}": (
        "{said:은} 공개 키도 공개 키 파일도 아닙니다: {error}"
    ),
    "{file}: the key of {signer} does not sign for {origin}": (
        "{file}: {signer}의 키로는 {origin:을} 서명할 수 없습니다"
    ),
    "{key} is not in {file}, so nobody would trust what it signs: make a new key with grants keys "
    "--rotate, or put its line back": (
        "{file}에 {key:이} 없어 서명해도 아무도 믿지 않습니다. grants keys --rotate로 새 키를 "
        "만들거나 그 줄을 되돌려 놓으십시오"
    ),
    "{file} is no private key: {error}": "{file:은} 개인 키가 아닙니다: {error}",
    "others can write to {path}, so it is not trusted: chmod {cure} {path}": (
        "다른 사용자가 {path}에 쓸 수 있어 믿을 수 없습니다: chmod {cure} {path}"
    ),
    "others can reach {path}: chmod 600 {path}": (
        "다른 사용자가 {path:을} 볼 수 있습니다: chmod 600 {path}"
    ),
    "{path} is not a file": "{path:은} 파일이 아닙니다",
    "{path} belongs to another user (uid {owner}, we are {own}), who can change it: be that user, "
    "or name a folder of your own with --keys": (
        "{path:은} 다른 사용자의 것(uid {owner}, 현재 {own})이어서 바뀔 수 있습니다. "
        "그 사용자로 실행하거나 --keys로 자신의 폴더를 지정하십시오"
    ),
    "{path} is a link, which is not followed: put the file there": (
        "{path:은} 링크이며 따라가지 않습니다. 파일을 그 자리에 두십시오"
    ),
    "{folder} cannot be made: {reason}": "{folder:을} 만들 수 없습니다: {reason}",
    "{folder} cannot be opened: {reason}": "{folder:을} 열 수 없습니다: {reason}",
    "{folder} is busy: another process held it past the wait; try again": (
        "{folder:은} 사용 중입니다. 다른 프로세스가 대기 시간을 넘겨 붙잡고 있었습니다. "
        "다시 시도하십시오"
    ),
    "{path} cannot be read: {reason}": "{path:을} 읽을 수 없습니다: {reason}",
    "{path} cannot be written: {reason}": "{path:을} 쓸 수 없습니다: {reason}",
    # ── files that come and go ───────────────────────────────────────────────────────────
    "{target} is there already: it is not overwritten": (
        "{target:이} 이미 있습니다. 덮어쓰지 않습니다"
    ),
    "a PostgreSQL ledger is copied with PostgreSQL's own tools, such as pg_dump "
    "(docs/operations.md); or carry it over with: grants export": (
        "PostgreSQL 원장은 pg_dump와 같은 PostgreSQL 도구로 복사합니다(docs/operations.md). "
        "또는 다음 명령으로 옮기십시오: grants export"
    ),
    "the events are not the leaves of the log's tree; run: grants verify": (
        "기록이 트리의 잎과 맞지 않습니다. 다음을 실행하십시오: grants verify"
    ),
    "seq should be {position}, found {found}": ("seq가 {position}이어야 하는데 {found}입니다"),
    "recorded_at should be later than {before}, found {found}": (
        "recorded_at이 {before}보다 늦어야 하는데 {found}입니다"
    ),
    "the ledger has {size:,} events already: load into a new one": (
        "원장에 이미 기록이 {size:,}건 있습니다. 새 원장에 불러오십시오"
    ),
    "there is no event to load": "불러올 기록이 없습니다",
    "not JSON: {error}": "JSON이 아닙니다: {error}",
    "line {number}: {error}": "{number}번째 줄: {error}",
    "there is no file {name}": "{name} 파일이 없습니다",
    "{name} is cut off in the middle of line {number}; nothing of it was recorded": (
        "{name:이} {number}번째 줄 중간에서 끊겼습니다. 아무것도 기록되지 않았습니다"
    ),
    "{name} cannot be kept while it is read: {reason}; make room where temporary files go, or name "
    "another folder as TMPDIR": (
        "{name:을} 읽는 동안 보관할 수 없습니다: {reason}. 임시 파일이 놓이는 곳에 자리를 "
        "마련하거나 TMPDIR로 다른 폴더를 지정하십시오"
    ),
    "{name} is not UTF-8 in line {number}; nothing of it was recorded": (
        "{name}의 {number}번째 줄이 UTF-8이 아닙니다. 아무것도 기록되지 않았습니다"
    ),
    "{file} is longer than {most:,} bytes": "{file:이} {most:,}바이트보다 깁니다",
    "{file} is not UTF-8": "{file:은} UTF-8이 아닙니다",
    # ── questions ────────────────────────────────────────────────────────────────────────
    "{text!r} is neither an instant, such as 2026-12-31T23:59:59, nor a day": (
        "{text!r}: 2026-12-31T23:59:59와 같은 시각도 날짜도 아닙니다"
    ),
    "name the position by its number or by an instant, not by both": (
        "기록 번호와 시각 가운데 하나만 지정하십시오"
    ),
    "name two positions or two days": "기록 번호 두 개나 날짜 두 개를 지정하십시오",
    "two moments are compared, not {many}": ("두 시점을 비교합니다. 지정한 시점의 수: {many}"),
    "{cursor!r} is not where a list of {name} goes on": (
        "{cursor!r}: {name} 목록을 이어 볼 자리가 아닙니다"
    ),
    "{after!r} goes on as of position {position}, not {at_seq}": (
        "{after!r}: 기록 {position} 시점의 목록이며 {at_seq} 시점이 아닙니다"
    ),
    "position {from_seq} comes after position {to_seq}": (
        "시작 기록 {from_seq:이} 끝 기록 {to_seq}보다 뒤입니다"
    ),
    "{begin} comes after {end}": "시작일 {begin:이} 종료일 {end}보다 뒤입니다",
    "csv is for lists and balances; this is answered as table or json": (
        "csv는 목록과 잔액에만 쓸 수 있습니다. 이 조회는 table이나 json으로 답합니다"
    ),
    "show one of {known}, not {what}; or a grant by its id alone": (
        "{what:은} 볼 수 없습니다. 볼 수 있는 것: {known}. 과제는 과제번호만 적습니다"
    ),
    # ── the call itself ──────────────────────────────────────────────────────────────────
    "name the position of an event, or an earlier checkpoint with --since": (
        "기록 번호나, --since로 이전 체크포인트를 지정하십시오"
    ),
    "--confirm goes with --once: grants scheduler --once --confirm": (
        "--confirm은 --once와 함께 씁니다: grants scheduler --once --confirm"
    ),
    "a number of {many:,} digits is past what the ledger can count": (
        "{many:,}자리 숫자는 원장이 셀 수 있는 범위를 넘습니다"
    ),
    "{call} needs {missing}": "{call}에 다음이 필요합니다: {missing}",
    "{text!r} is neither JSON nor name=value,name=value": (
        "{text!r}: JSON도 name=value,name=value도 아닙니다"
    ),
    "{text!r} names {name} twice": "{text!r}: {name:이} 두 번 있습니다",
    "{option} is a whole number such as 2026, not {text}": (
        "{option:은} 2026과 같은 정수여야 합니다: {text}"
    ),
    "{option} is a year from 1 to 9999, not {year}": (
        "{option:은} 1부터 9999까지의 연도여야 합니다: {year}"
    ),
    "{option} {text}: a day is YYYY-MM-DD; a position is given by {option}-seq": (
        "{option} {text}: 날짜는 YYYY-MM-DD로 적습니다. 기록 번호는 {option}-seq로 지정합니다"
    ),
    "--again is a text that can be seen, such as a day": (
        "--again에는 날짜처럼 눈에 보이는 글을 적습니다"
    ),
    "standard output is closed: send it to a file, a program or /dev/null": (
        "표준 출력이 닫혀 있습니다. 파일, 프로그램이나 /dev/null로 보내십시오"
    ),
    "standard input is closed: there is nothing to read": (
        "표준 입력이 닫혀 있어 읽을 것이 없습니다"
    ),
    "{setting} is a whole number of days from 0 to 9999, not {text!r}": (
        "{setting:은} 0부터 9999까지의 일수여야 합니다: {text!r}"
    ),
    "there is no company called {said}: name it by its business number": (
        "{said:이라는} 기업이 없습니다. 사업자등록번호로 지정하십시오"
    ),
    "{said} may mean {several}: name one by its business number": (
        "{said:은} 여럿을 뜻할 수 있습니다: {several}. 사업자등록번호로 지정하십시오"
    ),
    "{grant} has several lines that fit, say which: {several}": (
        "{grant}에 맞는 내역이 여럿입니다. 어느 것인지 지정하십시오: {several}"
    ),
    # ── clocks ───────────────────────────────────────────────────────────────────────────
    "the clock was moved by {seconds:+,.0f} seconds while this process ran, to {now}; nothing is "
    "done: set it right, then start again": (
        "실행하는 동안 시계가 {seconds:+,.0f}초 바뀌어 {now:이} 되었습니다. 아무것도 하지 "
        "않았습니다. 시계를 맞춘 뒤 다시 시작하십시오"
    ),
    "the clock of this machine says {after}, the database server's {theirs}; nothing is done: set "
    "the wrong one right, then try again": (
        "이 컴퓨터의 시계는 {after}, 데이터베이스 서버의 시계는 {theirs}입니다. 아무것도 하지 "
        "않았습니다. 틀린 시계를 맞춘 뒤 다시 시도하십시오"
    ),
    # ── many at once ─────────────────────────────────────────────────────────────────────
    "the server stops: nothing was recorded; send it again to the next one": (
        "서버가 멈추는 중입니다. 아무것도 기록되지 않았습니다. 다음 서버에 다시 보내십시오"
    ),
    "{many} commands wait already: nothing was recorded": (
        "이미 명령 {many}건이 기다리고 있습니다. 아무것도 기록되지 않았습니다"
    ),
    "what was sent with it failed": "함께 보낸 명령이 실패했습니다. 기록되지 않았습니다",
    "the command before it failed": "앞의 명령이 실패했습니다. 기록되지 않았습니다",
}
"""Complete by a test: every text that an error outside the rules is raised with."""
