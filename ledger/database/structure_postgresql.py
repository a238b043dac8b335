"""What PostgreSQL's catalogue says of a ledger's database, and what it says of a ledger made new.

The first is asked of the server, which needs only the right to read and may be a standby; the
second is written out from the tables' own descriptions, in the words in which the server puts it,
the same ones from version 15 on. Not compared is what changes neither rows nor answers: owners,
rights, tablespaces, how values are compressed, what `ANALYZE` counted.

A superuser who alters the catalogue's own functions can make a server say anything: that no
question to the same server can find.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from sqlalchemy import Column, Index, MetaData, Table
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from ledger.database import tables
from ledger.database.driver import Driver

Definition = tuple[str, str]
"""A name, such as `index events_by_subject`, and what the server says that it is."""


# ── a ledger made new ────────────────────────────────────────────────────────────────────────


def expected(those: Iterable[MetaData]) -> Iterator[Definition]:
    """The definitions of a ledger made new."""
    yield "the encoding", "UTF8"
    yield "setting session_replication_role", "origin"
    yield "function public.events_are_immutable()", ""
    yield (
        "code of public.events_are_immutable()",
        tables.FUNCTION.replace("CREATE", "CREATE OR REPLACE", 1),
    )
    for table in (table for metadata in those for table in metadata.sorted_tables):
        yield from _of_table(table)
    for name, statement in tables.TRIGGERS["postgresql"].items():
        yield f"trigger {name} on events", f"{statement}, enabled: A"


def _of_table(table: Table) -> Iterator[Definition]:
    name, keys = table.name, _listed(table.primary_key.columns.keys())
    beside = table.primary_key.dialect_options["postgresql"]["include"] or ()
    included = f" INCLUDE ({_listed(beside)})" if beside else ""
    yield f"table public.{name}", ""
    yield f"relation {name}", "kind r, persistence p, heap"
    for place, column in enumerate(table.columns, start=1):
        yield f"column {column.name} of {name}", f"{place}: {_specification(column)}"
        for check in column.constraints:
            said = f"CHECK (({check.sqltext}))"  # type: ignore[attr-defined]
            yield f"constraint {name}_{column.name}_check of {name}", said
    yield f"constraint {name}_pkey of {name}", f"PRIMARY KEY ({keys}){included}"
    yield _index(f"{name}_pkey", name, f"({keys}){included}", "UNIQUE INDEX")
    for index in table.indexes:
        yield _index(str(index.name), name, f"({_listed(index.columns.keys())}){_where(index)}")


def _index(name: str, table: str, columns: str, what: str = "INDEX") -> Definition:
    return f"index {name} on {table}", (
        f"CREATE {what} {name} ON public.{table} USING btree {columns}, kind i, persistence p"
    )


def _where(index: Index) -> str:
    condition = index.dialect_options["postgresql"]["where"]
    return "" if condition is None else f" WHERE {condition}"


_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(_DIALECT.identifier_preparer.quote, names))


def _specification(column: Column[object]) -> str:
    """A column's type, collation and nullability as `CREATE TABLE` has them."""
    return f"{column.type.compile(_DIALECT)}{'' if column.nullable else ' NOT NULL'}"


# ── the database ─────────────────────────────────────────────────────────────────────────────


def found(driver: Driver) -> list[Definition]:
    """The definitions of everything in the database that a ledger could be bent with."""
    driver.do(_WRITING_OUT)
    answers = driver.ask_all([(question, ()) for question in _EVERYTHING])
    driver.do("ROLLBACK TO SAVEPOINT definitions; RELEASE SAVEPOINT definitions")
    return list(chain.from_iterable(map(sorted, answers)))


_WRITING_OUT = """
    SAVEPOINT definitions;
    SET LOCAL search_path = pg_catalog;
    SET LOCAL quote_all_identifiers = off"""
"""Names of ours are written with their schema then, and nobody else's are found without."""

_OURS = "relnamespace = 'public'::regnamespace"

_ENCODING = """
    SELECT 'the encoding', pg_encoding_to_char(encoding)::text
    FROM pg_database WHERE datname = current_database()"""

_IN_PUBLIC = """
    SELECT object.type || ' ' || object.identity,
           coalesce('of extension ' || extname || '; ALTER EXTENSION … SET SCHEMA moves it', '')
    FROM pg_depend AS lies
    CROSS JOIN pg_identify_object(lies.classid, lies.objid, 0) AS object
    LEFT JOIN pg_depend AS belongs ON belongs.classid = lies.classid
        AND belongs.objid = lies.objid AND belongs.deptype = 'e'
    LEFT JOIN pg_extension ON pg_extension.oid = belongs.refobjid
        OR (lies.classid = 'pg_extension'::regclass AND pg_extension.oid = lies.objid)
    WHERE lies.refclassid = 'pg_namespace'::regclass
    AND lies.refobjid = 'public'::regnamespace
    AND lies.classid NOT IN ('pg_default_acl'::regclass, 'pg_publication_namespace'::regclass)"""
"""Everything that lies in the schema, of whatever kind: tables, views, functions, operators …"""

_RELATIONS = f"""
    SELECT 'relation ' || relname,
           concat_ws(', ', 'kind ' || relkind::text, 'persistence ' || relpersistence::text, amname,
                     CASE WHEN relrowsecurity OR relforcerowsecurity THEN 'row security' END,
                     CASE WHEN relispartition THEN 'a partition' END,
                     CASE WHEN reloftype <> 0 THEN 'of a type' END)
    FROM pg_class LEFT JOIN pg_am ON pg_am.oid = relam
    WHERE {_OURS} AND relkind NOT IN ('i', 'I')"""

_COLUMNS = f"""
    SELECT 'column ' || attname || ' of ' || relname,
           attnum || ': ' || concat_ws(' ',
               upper(format_type(atttypid, atttypmod)),
               'COLLATE ' || CASE WHEN collnamespace <> 'pg_catalog'::regnamespace
                                  THEN collnamespace::regnamespace || '.' ELSE '' END
                          || quote_ident(collname),
               'DEFAULT ' || pg_get_expr(adbin, adrelid),
               CASE WHEN attnotnull THEN 'NOT NULL' END,
               CASE WHEN attidentity <> '' THEN 'IDENTITY' END,
               CASE WHEN attgenerated <> '' THEN 'GENERATED' END,
               CASE WHEN atthasmissing THEN 'FILLED IN' END)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    LEFT JOIN pg_collation ON pg_collation.oid = attcollation
    WHERE {_OURS} AND relkind IN ('r', 'p') AND attnum > 0"""

_CONSTRAINTS = f"""
    SELECT 'constraint ' || conname || ' of ' || coalesce(relname, 'a type'),
           pg_get_constraintdef(pg_constraint.oid)
    FROM pg_constraint LEFT JOIN pg_class ON pg_class.oid IN (conrelid, confrelid) AND {_OURS}
    WHERE (relname IS NOT NULL OR connamespace = 'public'::regnamespace)
    AND NOT (contype = 'n' AND convalidated)"""
"""But for the names that version 18 gives to `NOT NULL`, which the columns have told already."""

_INDEXES = f"""
    SELECT 'index ' || own.relname || ' on ' || pg_class.relname,
           concat_ws(', ', pg_get_indexdef(indexrelid), 'kind ' || own.relkind::text,
                     'persistence ' || own.relpersistence::text,
                     CASE WHEN NOT indisvalid THEN 'not valid' END,
                     CASE WHEN NOT indisready THEN 'not ready' END,
                     CASE WHEN NOT indislive THEN 'not live' END,
                     CASE WHEN indisexclusion THEN 'exclusion' END)
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    JOIN pg_class AS own ON own.oid = indexrelid
    WHERE pg_class.{_OURS}"""

_TRIGGERS = f"""
    SELECT 'trigger ' || tgname || ' on ' || relname,
           pg_get_triggerdef(pg_trigger.oid) || ', enabled: ' || tgenabled::text
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE {_OURS}"""

_RULES = f"""
    SELECT 'rule ' || rulename || ' on ' || relname, pg_get_ruledef(pg_rewrite.oid)
    FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class WHERE {_OURS}"""

_POLICIES = f"""
    SELECT 'policy ' || polname || ' on ' || relname, ''
    FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid WHERE {_OURS}"""

_INHERITANCE = """
    SELECT 'inheritance of ' || inhrelid::regclass || ' from ' || inhparent::regclass, ''
    FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
    JOIN pg_class AS parent ON parent.oid = inhparent
    WHERE 'public'::regnamespace IN (child.relnamespace, parent.relnamespace)"""

_STATISTICS = f"""
    SELECT 'statistics ' || stxname || ' on ' || relname, ''
    FROM pg_statistic_ext JOIN pg_class ON pg_class.oid = stxrelid WHERE {_OURS}"""
"""Whose expressions `ANALYZE` computes."""

_CODE = """
    SELECT 'code of ' || pg_proc.oid::regprocedure, pg_get_functiondef(pg_proc.oid)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p')"""

_CASTS = """
    SELECT 'cast from ' || castsource::regtype || ' to ' || casttarget::regtype, ''
    FROM pg_cast JOIN pg_type AS source ON source.oid = castsource
    JOIN pg_type AS target ON target.oid = casttarget
    WHERE pg_cast.oid >= 16384
    AND source.typnamespace IN ('pg_catalog'::regnamespace, 'public'::regnamespace)
    AND target.typnamespace IN ('pg_catalog'::regnamespace, 'public'::regnamespace)"""
"""Those that did not come with the server, between types that a statement of ours could name."""

_EVENT_TRIGGERS = """
    SELECT 'event trigger ' || evtname, 'calls ' || evtfoid::regprocedure FROM pg_event_trigger"""

_SETTINGS = """
    SELECT 'setting session_replication_role', current_setting('session_replication_role')
    UNION ALL
    SELECT 'setting ' || lower(split_part(setting, '=', 1)) || coalesce(' of ' || rolname, ''),
           split_part(setting, '=', 2)
    FROM pg_db_role_setting CROSS JOIN unnest(setconfig) AS setting
    LEFT JOIN pg_roles ON pg_roles.oid = setrole
    WHERE setdatabase IN
        (0, (SELECT pg_database.oid FROM pg_database WHERE datname = current_database()))
    AND lower(split_part(setting, '=', 1)) IN
        ('session_replication_role', 'session_preload_libraries', 'local_preload_libraries',
         'allow_system_table_mods', 'ignore_system_indexes', 'zero_damaged_pages',
         'ignore_checksum_failure')"""
"""Those that switch protections off, or bring code of somebody else's into every connection. What
a promise rests on is set anew at each connection, and what makes a server fast is its owner's."""

_EVERYTHING = (
    _ENCODING,
    _IN_PUBLIC,
    _RELATIONS,
    _COLUMNS,
    _CONSTRAINTS,
    _INDEXES,
    _TRIGGERS,
    _RULES,
    _POLICIES,
    _INHERITANCE,
    _STATISTICS,
    _CODE,
    _CASTS,
    _EVENT_TRIGGERS,
    _SETTINGS,
)
