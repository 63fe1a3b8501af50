package dev.tutti.member;

import java.util.Comparator;
import java.util.UUID;

/**
 * One process of the cluster, as it describes itself.
 *
 * @param process the id of the process: random, and the same for its whole life. Its socket ids, its topics and everything that it owns
 *     contain it
 * @param incarnation a fence: at first the same as {@code process}, and a new one after the process had counted as dead
 * @param instance its name, for people; two processes may have the same name one after the other
 * @param address the address for clients, such as {@code http://10.0.0.5:3000}; empty while it does not listen
 * @param role its work
 * @param draining whether it is about to leave
 * @param revision the revision of the state that it reports to others; from it they see whether they have all of that state
 */
public record Member(
        UUID process, UUID incarnation, String instance, String address, Role role, boolean draining, long revision) {
    /** An order of members that is the same at all instances. */
    public static final Comparator<Member> ORDER = Comparator.comparing(Member::process);

    /** A process in its first incarnation. */
    public Member(UUID process, String instance, String address, Role role, boolean draining, long revision) {
        this(process, process, instance, address, role, draining, revision);
    }

    /** The same with another address. */
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

    /** The same with another incarnation. */
    public Member rejoined(UUID incarnation) {
        return new Member(process, incarnation, instance, address, role, draining, revision);
    }
}
