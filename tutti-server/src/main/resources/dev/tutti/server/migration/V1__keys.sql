-- Keys of programs. The secret part of a key is 256 random bits, of which only the SHA-256 is here.
create table tutti.api_key (
    id           text collate "C" primary key,
    name         text             not null,
    secret_hash  bytea            not null,
    capabilities text[]           not null,
    created_at   timestamptz      not null default now(),
    used_at      timestamptz,               -- to within an hour
    revoked_at   timestamptz
);
