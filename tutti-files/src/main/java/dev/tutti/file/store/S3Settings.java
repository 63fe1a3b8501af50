package dev.tutti.file.store;

import java.net.URI;
import java.util.Optional;

/**
 * Which bucket of which S3 service, and how it is asked.
 *
 * @param bucket exists already
 * @param region such as {@code eu-central-1}; services other than Amazon's take any
 * @param endpoint of another service than Amazon's
 * @param keys of an account there; otherwise what the environment, the profile or the machine's role says
 * @param pathStyle whether the bucket is in the path, as most other services want it, and not in the host's name
 * @param prefix what names of objects begin with; may be empty
 */
public record S3Settings(
        String bucket, String region, Optional<URI> endpoint, Optional<Keys> keys, boolean pathStyle, String prefix) {
    /** An access key and its secret. */
    public record Keys(String id, String secret) {
        @Override
        public String toString() {
            return "keys of " + id;
        }
    }
}
