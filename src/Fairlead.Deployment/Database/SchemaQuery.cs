namespace Fairlead.Deployment;

/// <summary>Reads a <see cref="SchemaSnapshot"/> from PostgreSQL's catalogues (PostgreSQL documentation, "System Catalogs").</summary>
static class SchemaQuery
{
    /// <summary>One value in JSON. What belongs to extensions is theirs, and is left out.</summary>
    public const string Text = """
        SET search_path = '';
        WITH spaces AS (
            SELECT oid, nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
        ), foreigners AS (
            SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'
        ), classes AS (
            SELECT c.oid, s.nspname || '.' || c.relname AS name, c.relkind, c.relrowsecurity
            FROM pg_catalog.pg_class c JOIN spaces s ON s.oid = c.relnamespace
            WHERE NOT EXISTS (SELECT FROM foreigners f WHERE f.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND f.objid = c.oid)
        )
        SELECT pg_catalog.json_build_object(
            'relations', (
                SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                    'name', c.name,
                    'kind', CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialised view' WHEN 'f' THEN 'foreign table' ELSE 'table' END,
                    'hasRowSecurity', c.relrowsecurity,
                    'columns', (
                        SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                            'name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull, 'hasDefault', a.atthasdef OR a.attidentity <> '',
                            'isGenerated', a.attidentity = 'a' OR a.attgenerated <> '')), '[]')
                        FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))), '[]')
                FROM classes c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')),
            'enums', (
                SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                    'name', s.nspname || '.' || t.typname,
                    'labels', (SELECT coalesce(pg_catalog.json_agg(e.enumlabel), '[]') FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid))), '[]')
                FROM pg_catalog.pg_type t JOIN spaces s ON s.oid = t.typnamespace
                WHERE t.typtype = 'e' AND NOT EXISTS (SELECT FROM foreigners f WHERE f.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND f.objid = t.oid)),
            'domains', (
                SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                    'name', s.nspname || '.' || t.typname,
                    'rules', (
                        SELECT coalesce(pg_catalog.json_agg(r.rule), '[]') FROM (
                            SELECT pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(k.oid), ' NOT VALID$', '') AS rule FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'
                            UNION
                            SELECT 'NOT NULL' WHERE t.typnotnull) r))), '[]')
                FROM pg_catalog.pg_type t JOIN spaces s ON s.oid = t.typnamespace
                WHERE t.typtype = 'd' AND NOT EXISTS (SELECT FROM foreigners f WHERE f.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND f.objid = t.oid)),
            'things', (
                SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object('kind', x.kind, 'name', x.name, 'shape', x.shape)), '[]') FROM (
                    SELECT 'sequence' AS kind, c.name, '' AS shape FROM classes c WHERE c.relkind = 'S'
                    UNION ALL
                    SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END,
                        s.nspname || '.' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')',
                        coalesce(pg_catalog.pg_get_function_result(p.oid), '')
                    FROM pg_catalog.pg_proc p JOIN spaces s ON s.oid = p.pronamespace
                    WHERE NOT EXISTS (SELECT FROM foreigners f WHERE f.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND f.objid = p.oid)
                    UNION ALL
                    SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, s.nspname || '.' || t.typname, CASE t.typtype WHEN 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) ELSE '' END
                    FROM pg_catalog.pg_type t JOIN spaces s ON s.oid = t.typnamespace
                    WHERE (t.typtype IN ('d', 'r') OR (t.typtype = 'c' AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c')))
                        AND NOT EXISTS (SELECT FROM foreigners f WHERE f.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND f.objid = t.oid)
                    UNION ALL
                    SELECT 'extension', e.extname, '' FROM pg_catalog.pg_extension e) x),
            'unique', (
                SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                    'table', t.name,
                    'definition', pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(i.indexrelid), ' INDEX ("([^"]|"")*"|[^ ]+) ON ', ' INDEX ON '),
                    'columns', (
                        SELECT coalesce(pg_catalog.json_agg(a.attname), '[]') FROM pg_catalog.pg_attribute a
                        WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[]) AND NOT 0 = ANY (i.indkey::int2[])))), '[]')
                FROM pg_catalog.pg_index i JOIN classes t ON t.oid = i.indrelid WHERE i.indisunique),
            'constraints', (
                SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                    'table', t.name,
                    'definition', pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(k.oid), ' NOT VALID$', ''),
                    'columns', (
                        SELECT coalesce(pg_catalog.json_agg(a.attname), '[]') FROM pg_catalog.pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)))), '[]')
                FROM pg_catalog.pg_constraint k JOIN classes t ON t.oid = k.conrelid WHERE k.contype IN ('c', 'f', 'x')));
        """;
}
