package dev.tutti.edge.flow;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;

/**
 * The settings of admission: the share of an edge that one client may take, and the bounds of the process's limited resources.
 *
 * @param addressPercent the percentage of connections, requests and bytes that one network address may have before a login, and one account
 *     after it, 1 to 100; 100 is no limit
 * @param reservePercent the percentage of connections that is reserved for people who are logged in, 0 to 90
 * @param sockets the most TCP connections at a time, at least 1
 * @param inboundBytes the most bytes of received bodies and messages that are not processed yet, at least 1 KiB
 * @param outboundBytes the most bytes that wait to be sent, over all connections, at least 1 KiB
 */
public record AdmissionSettings(
        int addressPercent, int reservePercent, int sockets, long inboundBytes, long outboundBytes) {
    /** The number of open files that a process needs besides those of its clients: jars, the database, Redis, the log, its own requests. */
    public static final int FILES_FOR_OTHERS = 300;

    private static final long MIB = 1024 * 1024;

    /** The defaults: half for one address, a tenth in reserve, and the other bounds as this process allows. */
    public static final AdmissionSettings DEFAULT = ofProcess();

    public AdmissionSettings {
        if (addressPercent < 1 || addressPercent > 100 || reservePercent < 0 || reservePercent > 90) {
            throw new IllegalArgumentException("the share of an address is " + addressPercent + " % and the reserve "
                    + reservePercent + " %; allowed are 1 to 100, and 0 to 90");
        }
        if (sockets < 1 || inboundBytes < 1024 || outboundBytes < 1024) {
            throw new IllegalArgumentException("sockets are " + sockets + ", inbound bytes " + inboundBytes
                    + ", outbound bytes " + outboundBytes + "; allowed are 1 and more, and 1024 and more");
        }
    }

    private static AdmissionSettings ofProcess() {
        long inbound = heapBytes() / 16;
        long outbound = Math.min(heapBytes(), directBytes()) / 4;
        return new AdmissionSettings(
                50,
                10,
                socketsBeside(FILES_FOR_OTHERS),
                Math.clamp(inbound, MIB, 256 * MIB),
                Math.clamp(outbound, MIB, 1024 * MIB));
    }

    /** The most TCP connections that may be open beside {@code files} other files; at least 1. */
    public static int socketsBeside(int files) {
        return Math.clamp(openFiles() - files, 1, 1_000_000);
    }

    /**
     * Checks that this process may have more than {@code needed} files open. It needs this number even without clients.
     *
     * @throws TuttiException with {@link ErrorCode#UNSUPPORTED} if it may not; the message says what to do
     */
    public static void requireFiles(long needed) {
        long allowed = openFiles();
        if (allowed <= needed) {
            throw new TuttiException(
                    ErrorCode.UNSUPPORTED,
                    "the system allows this process " + allowed + " open files; Tutti needs " + needed
                            + " with these settings, and one more for each connection: ulimit -n 65536 before the start, or"
                            + " LimitNOFILE=65536 in the service's unit");
        }
    }

    /** How many files this process may have open. */
    public static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Integer.MAX_VALUE;
    }

    /** The largest that the heap may become. */
    public static long heapBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    /** The most memory that there is outside of the heap for what goes over the network. */
    public static long directBytes() {
        return PlatformDependent.maxDirectMemory();
    }

    /** The same with another share for one address, and for one account. */
    public AdmissionSettings withAddressPercent(int percent) {
        return new AdmissionSettings(percent, reservePercent, sockets, inboundBytes, outboundBytes);
    }

    /** The same with other bounds for bytes. */
    public AdmissionSettings withBytes(long inbound, long outbound) {
        return new AdmissionSettings(addressPercent, reservePercent, sockets, inbound, outbound);
    }

    /** The same with another number of TCP connections. */
    public AdmissionSettings withSockets(int most) {
        return new AdmissionSettings(addressPercent, reservePercent, most, inboundBytes, outboundBytes);
    }
}
