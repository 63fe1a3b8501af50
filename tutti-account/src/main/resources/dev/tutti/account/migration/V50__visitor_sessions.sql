-- Sessions of visitors without a login of whom attributes are kept. Those of an instance before this one are noted when they are used next.
create table tutti.visitor_session (
    holder   text collate "C" primary key, -- visitor: and the SHA-256 of what the cookie says
    began_at timestamptz not null default now()
);

create index visitor_session_began_at on tutti.visitor_session (began_at);
