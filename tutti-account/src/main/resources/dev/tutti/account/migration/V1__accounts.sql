-- People. Identifiers compare by their bytes (collate "C"): quicker, the same on every machine, and good for prefixes.
create table tutti.user (
    id            text collate "C" primary key,
    name          text collate "C" not null unique,
    display_name  text             not null,
    search_name   text collate "C" not null, -- the display name in lower case, as the server folds it
    password_hash text             not null,
    created_at    timestamptz      not null default now()
);

create index user_search_name on tutti.user (search_name, id);

-- Logins. A refresh token is two random values: one that stays with the session and finds it, and one that changes
-- with every refresh. Only their SHA-256 are here. Who presents the first with a second that is no longer known has
-- kept an old token: it was copied, and the session ends.
create table tutti.user_session (
    id              text collate "C" primary key,
    user_id         text collate "C" not null references tutti.user,
    family_hash     bytea            not null unique,
    token_hashes    bytea[]          not null,              -- those that are valid: one, or more when tabs refreshed at once
    previous_hashes bytea[]          not null default '{}', -- their predecessors, accepted for some seconds more
    rotated_at      timestamptz      not null default now(),
    created_at      timestamptz      not null default now(),
    expires_at      timestamptz      not null,
    revoked_at      timestamptz
);

create index user_session_of_user on tutti.user_session (user_id, created_at);
