insert into tutti.continuation (key, owner, claim, state) values (:key, :owner, :claim, :state)
