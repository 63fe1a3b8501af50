-- A table whose changes are events: nothing runs beside the database, and no change is told that was not committed.
create table orders (
    id     bigint generated always as identity primary key,
    status text not null
);

create function tell_of_order() returns trigger
    language plpgsql
    as $$
begin
    perform tutti.publish('room:orders', 'order.' || lower(tg_op), to_jsonb(new));
    return new;
end
$$;

create trigger orders_told after insert or update on orders for each row execute function tell_of_order();
