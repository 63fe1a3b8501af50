select tutti.claim_connections(:incarnation, :wanted, :budget)
