-- The bytes of files under their SHA-256: equal files are one blob.
create table tutti.blob (
    id         text collate "C" primary key,
    sha256     text collate "C" not null unique,
    bytes      bigint           not null,
    type       text             not null,       -- as its first bytes say
    created_at timestamptz      not null default now()
);

-- What is in the store, or may be: a row is there before its object is, and until that has gone.
create table tutti.blob_object (
    name    text collate "C" primary key,
    blob_id text collate "C",                   -- of a blob, or of an upload; null: nobody's, yet or any more
    start   bigint           not null,          -- -1: is being deleted
    bytes   int              not null,
    since   timestamptz      not null default now()
);
create unique index blob_object_part on tutti.blob_object (blob_id, start) where blob_id is not null;
create index blob_object_nobodys on tutti.blob_object (since) where blob_id is null;

create table tutti.file (
    id         text collate "C" primary key,
    owner_id   text collate "C" not null,
    name       text             not null,
    blob_id    text collate "C" not null references tutti.blob,
    created_at timestamptz      not null default now()
);
create index file_owner on tutti.file (owner_id, created_at desc, id desc);
create index file_blob on tutti.file (blob_id);

-- An upload; it becomes the file with the same id.
create table tutti.file_upload (
    id         text collate "C" primary key,
    owner_id   text collate "C" not null,
    name       text             not null,
    bytes      bigint           not null,       -- as announced
    received   bigint           not null default 0,
    turn       int              not null default 0, -- which request writes: the latest
    hash       text             not null,       -- how far SHA-256 has come
    expires_at timestamptz      not null
);
create index file_upload_expiry on tutti.file_upload (expires_at);

-- What accounts have, with what they have announced.
create table tutti.file_usage (
    owner_id text collate "C" primary key,
    bytes    bigint           not null,
    files    int              not null
);

-- Which directory it is, where the store is one.
create table tutti.file_directory (
    id   text not null,
    single boolean primary key default true check (single)
);
