delete from tutti.instance where incarnation = :incarnation
