"""The catalogue's tables, as a list of migrations; entry n brings version n to n + 1. Never edit a released entry.

An *asset* is a file at a place; a *content* is what its bytes are, shared by copies and kept through moves; an
*embedding* is one encoder's vector of a content, float16, from which the vector database can be rebuilt.
"""

from __future__ import annotations

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE folders (
            id INTEGER PRIMARY KEY,
            path NOT NULL UNIQUE,
            added_at TEXT NOT NULL,
            polling INTEGER NOT NULL DEFAULT 0,
            state TEXT NOT NULL DEFAULT 'online',
            detail TEXT NOT NULL DEFAULT '',
            device INTEGER,
            scanned_at TEXT
        )""",
        """CREATE TABLE directories (
            id INTEGER PRIMARY KEY,
            folder_id INTEGER NOT NULL REFERENCES folders(id) ON DELETE CASCADE,
            relative NOT NULL,
            UNIQUE (folder_id, relative)
        )""",
        # AUTOINCREMENT: ids are keys in the vector database and in thumbnails' owners, so they are never used twice.
        """CREATE TABLE contents (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            hash BLOB NOT NULL UNIQUE,
            format TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            frames INTEGER NOT NULL,
            has_alpha INTEGER NOT NULL,
            captured_at TEXT,
            camera TEXT
        )""",
        """CREATE TABLE colours (
            content_id INTEGER NOT NULL REFERENCES contents(id) ON DELETE CASCADE,
            l REAL NOT NULL, a REAL NOT NULL, b REAL NOT NULL,
            share REAL NOT NULL
        )""",
        "CREATE INDEX colours_by_content ON colours (content_id)",
        "CREATE INDEX colours_by_hue ON colours (a, b, l, share, content_id)",
        # state: listed (seen by a scan), ready (described by its content), failed (with a fault and its reason).
        """CREATE TABLE assets (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            directory_id INTEGER NOT NULL REFERENCES directories(id) ON DELETE CASCADE,
            name NOT NULL,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            device INTEGER NOT NULL,
            racy INTEGER NOT NULL DEFAULT 0,
            state TEXT NOT NULL DEFAULT 'listed',
            presence TEXT NOT NULL DEFAULT 'present',
            missing_since TEXT,
            content_id INTEGER REFERENCES contents(id),
            attempts INTEGER NOT NULL DEFAULT 0,
            fault TEXT,
            reason TEXT,
            hint TEXT,
            added_at TEXT NOT NULL,
            UNIQUE (directory_id, name)
        )""",
        "CREATE INDEX assets_by_content ON assets (content_id)",
        "CREATE INDEX assets_by_presence ON assets (presence)",
        "CREATE INDEX assets_unfinished ON assets (state) WHERE state <> 'ready'",
        """CREATE TABLE encoders (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            dimension INTEGER NOT NULL
        )""",
        """CREATE TABLE embeddings (
            encoder_id INTEGER NOT NULL REFERENCES encoders(id),
            content_id INTEGER NOT NULL REFERENCES contents(id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            stored INTEGER NOT NULL DEFAULT 0,
            vector BLOB NOT NULL,
            UNIQUE (content_id, encoder_id)
        )""",
        """CREATE TABLE text_vectors (
            encoder_id INTEGER NOT NULL REFERENCES encoders(id),
            text TEXT NOT NULL,
            vector BLOB NOT NULL,
            PRIMARY KEY (encoder_id, text)
        ) WITHOUT ROWID""",
        "CREATE VIRTUAL TABLE names USING fts5 (words, tokenize = 'porter unicode61')",
    ),
    (
        # What people say of pictures belongs to the content: copies share it, and a rename or a move keeps it.
        """CREATE TABLE marks (
            content_id INTEGER PRIMARY KEY REFERENCES contents(id) ON DELETE CASCADE,
            rating INTEGER NOT NULL DEFAULT 0,
            note TEXT NOT NULL DEFAULT '',
            never_send INTEGER NOT NULL DEFAULT 0
        )""",
        """CREATE TABLE tags (
            content_id INTEGER NOT NULL REFERENCES contents(id) ON DELETE CASCADE,
            tag TEXT NOT NULL,
            PRIMARY KEY (tag, content_id)
        ) WITHOUT ROWID""",
        "CREATE INDEX tags_by_content ON tags (content_id)",
        "CREATE TABLE saved_searches (name TEXT PRIMARY KEY, query TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE search_history (id INTEGER PRIMARY KEY AUTOINCREMENT, query TEXT NOT NULL UNIQUE)",
        # Copies that are there on purpose, by the content they share.
        "CREATE TABLE kept_copies (content_id INTEGER PRIMARY KEY REFERENCES contents(id) ON DELETE CASCADE)",
        "ALTER TABLE folders ADD COLUMN never_send INTEGER NOT NULL DEFAULT 0",
    ),
    (
        "ALTER TABLE encoders ADD COLUMN spec TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE encoders ADD COLUMN searched INTEGER NOT NULL DEFAULT 0",
        # Encoders that ship are called by their names.
        "UPDATE encoders SET spec = name",
        """UPDATE encoders SET searched = 1 WHERE id =
            (SELECT encoder_id FROM embeddings GROUP BY encoder_id ORDER BY count(*) DESC LIMIT 1)""",
    ),
    (
        # Amounts are whole millionths of a US dollar. AUTOINCREMENT: ids name files and stand in the ledger for good.
        """CREATE TABLE batches (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            created_at TEXT NOT NULL,
            mode TEXT NOT NULL,
            brief TEXT NOT NULL,
            generator TEXT NOT NULL,
            results_folder NOT NULL,
            budget INTEGER NOT NULL,
            consented_at TEXT,
            halt_reason TEXT NOT NULL DEFAULT '',
            halt_words TEXT NOT NULL DEFAULT ''
        )""",
        # A job is one cell of a batch; the job that repeats it has it as its parent and stands in its place.
        """CREATE TABLE jobs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            batch_id INTEGER NOT NULL REFERENCES batches(id),
            parent_id INTEGER UNIQUE REFERENCES jobs(id),
            cell TEXT NOT NULL,
            take INTEGER NOT NULL,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            prompt TEXT NOT NULL,
            model TEXT NOT NULL,
            size TEXT NOT NULL,
            ratio TEXT NOT NULL,
            price INTEGER NOT NULL,
            failure_family TEXT,
            failure_reason TEXT,
            failure_words TEXT,
            failure_hint TEXT,
            model_text TEXT NOT NULL DEFAULT '',
            request_id TEXT NOT NULL DEFAULT '',
            result_stem,
            result_name,
            result_hash BLOB,
            verdict TEXT NOT NULL DEFAULT '',
            created_at TEXT NOT NULL,
            sent_at TEXT,
            finished_at TEXT
        )""",
        "CREATE INDEX jobs_by_batch ON jobs (batch_id, state)",
        "CREATE INDEX jobs_by_result ON jobs (result_hash) WHERE result_hash IS NOT NULL",
        "CREATE INDEX jobs_sending ON jobs (id) WHERE state = 'sending'",
        # By content as well as by asset: a reference that was moved or forgotten is still known by what it showed.
        """CREATE TABLE job_references (
            job_id INTEGER NOT NULL REFERENCES jobs(id),
            position INTEGER NOT NULL,
            role TEXT NOT NULL,
            asset_id INTEGER,
            content_hash BLOB NOT NULL,
            path NOT NULL,
            PRIMARY KEY (job_id, position)
        ) WITHOUT ROWID""",
        "CREATE INDEX job_references_by_content ON job_references (content_hash)",
        # state: reserved, settled, released or maybe_billed; all but released count against the budgets.
        """CREATE TABLE ledger (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            batch_id INTEGER NOT NULL REFERENCES batches(id),
            job_id INTEGER NOT NULL REFERENCES jobs(id),
            attempt INTEGER NOT NULL,
            day TEXT NOT NULL,
            model TEXT NOT NULL,
            state TEXT NOT NULL,
            reserved INTEGER NOT NULL,
            amount INTEGER NOT NULL,
            input_tokens INTEGER,
            output_tokens INTEGER,
            request_id TEXT NOT NULL DEFAULT '',
            reserved_at TEXT NOT NULL,
            closed_at TEXT,
            UNIQUE (job_id, attempt)
        )""",
        "CREATE INDEX ledger_by_day ON ledger (day, amount)",
        "CREATE INDEX ledger_by_batch ON ledger (batch_id, amount)",
    ),
    (
        # What a file was before it could not be read: what was said of that goes along to what the file is next.
        "ALTER TABLE assets ADD COLUMN former_content_id INTEGER",
    ),
    (
        # Encoders are paid as well as compositions: what is booked for one has neither batch nor job.
        "ALTER TABLE ledger RENAME TO compositions_ledger",
        """CREATE TABLE ledger (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            purpose TEXT NOT NULL DEFAULT 'composition',
            items INTEGER NOT NULL DEFAULT 1,
            batch_id INTEGER REFERENCES batches(id),
            job_id INTEGER REFERENCES jobs(id),
            attempt INTEGER,
            day TEXT NOT NULL,
            model TEXT NOT NULL,
            state TEXT NOT NULL,
            reserved INTEGER NOT NULL,
            amount INTEGER NOT NULL,
            input_tokens INTEGER,
            output_tokens INTEGER,
            request_id TEXT NOT NULL DEFAULT '',
            reserved_at TEXT NOT NULL,
            closed_at TEXT,
            UNIQUE (job_id, attempt)
        )""",
        """INSERT INTO ledger (id, batch_id, job_id, attempt, day, model, state, reserved, amount, input_tokens,
            output_tokens, request_id, reserved_at, closed_at) SELECT id, batch_id, job_id, attempt, day, model, state,
            reserved, amount, input_tokens, output_tokens, request_id, reserved_at, closed_at
            FROM compositions_ledger""",
        "DROP TABLE compositions_ledger",
        "CREATE INDEX ledger_by_day ON ledger (day, amount)",
        "CREATE INDEX ledger_by_batch ON ledger (batch_id, amount)",
        "CREATE INDEX ledger_by_encoder ON ledger (model, amount) WHERE batch_id IS NULL",
        # What the user allowed an encoder in the cloud: pictures and queries may be sent, up to a sum in all.
        """CREATE TABLE consents (
            encoder TEXT PRIMARY KEY,
            service TEXT NOT NULL,
            budget INTEGER NOT NULL,
            given_at TEXT NOT NULL
        ) WITHOUT ROWID""",
        # author: the encoder that described the picture; edited: the text is the user's own.
        """CREATE TABLE descriptions (
            content_id INTEGER PRIMARY KEY REFERENCES contents(id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            author TEXT NOT NULL,
            edited INTEGER NOT NULL DEFAULT 0,
            written_at TEXT NOT NULL
        )""",
        "CREATE VIRTUAL TABLE description_words USING fts5 (words, tokenize = 'porter unicode61')",
    ),
    (
        # How fast an encoder was in its last run here.
        "ALTER TABLE encoders ADD COLUMN images_per_s REAL",
    ),
)
