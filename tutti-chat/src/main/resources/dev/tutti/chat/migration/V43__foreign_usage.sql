-- The use of people without an account here, who come with tokens of another issuer. Nobody is told when they are gone, so that
-- it refers to nothing, and is forgotten by its day alone.
create table tutti.foreign_usage (
    person  text collate "C" not null,
    day     date             not null,
    bytes   bigint           not null default 0,
    streams bigint           not null default 0,
    primary key (person, day)
);

create index foreign_usage_of_day on tutti.foreign_usage (day);
