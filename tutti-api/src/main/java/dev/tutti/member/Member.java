package dev.tutti.member;

import java.util.Comparator;
import java.util.UUID;

/**
 * One process of the cluster, as it describes itself.
 *
 * @param process which process: random, and the same for its whole life; ids, topics and what it owns bear it
 * @param incarnation a fence: at first the same as {@code process}, and new after others had taken it for dead
 * @param instance its name, told to people; two processes may bear the same one after each other
 * @param address where clients reach it, such as {@code http://10.0.0.5:3000}; empty while it does not listen
 * @param role its work
 * @param draining whether it is about to leave
 * @param revision how much of what it tells others there has been, for those who want to know if they have it all
 */
public record Member(
        UUID process, UUID incarnation, String instance, String address, Role role, boolean draining, long revision) {
    /** An order that all instances agree on. */
    public static final Comparator<Member> ORDER = Comparator.comparing(Member::process);

    /** A process that begins. */
    public Member(UUID process, String instance, String address, Role role, boolean draining, long revision) {
        this(process, process, instance, address, role, draining, revision);
    }

    /** The same at another address. */
    public Member at(String where) {
        return new Member(process, incarnation, instance, where, role, draining, revision);
    }

    /** The same, about to leave. */
    public Member leaving() {
        return new Member(process, incarnation, instance, address, role, true, revision);
    }

    /** The same with another revision. */
    public Member revised(long revision) {
        return new Member(process, incarnation, instance, address, role, draining, revision);
    }

    /** The same behind another fence. */
    public Member rejoined(UUID incarnation) {
        return new Member(process, incarnation, instance, address, role, draining, revision);
    }
}
