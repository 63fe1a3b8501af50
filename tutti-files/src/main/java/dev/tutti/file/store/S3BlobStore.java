package dev.tutti.file.store;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Objects in a bucket of S3, or of a service that speaks its protocol. Safe for use by many threads; blocks. */
public final class S3BlobStore implements BlobStore {
    /** The beginning of the ids of buckets. */
    public static final String SCHEME = "s3:";

    private static final String AMAZON = "amazon";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ATTEMPT = Duration.ofSeconds(20);
    private static final Duration CALL = Duration.ofSeconds(60);
    private static final String TYPE = "application/octet-stream";

    private final S3Client client;
    private final S3Settings settings;

    /** The objects in the bucket of {@code settings}; nothing is asked before the first call. */
    public S3BlobStore(S3Settings settings) {
        this.settings = settings;
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(settings.region()))
                .forcePathStyle(settings.pathStyle())
                .credentialsProvider(credentials(settings))
                // other services do not know the newer checksums; TLS and the signature cover the way there
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(
                        calls -> calls.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(ATTEMPT));
        settings.endpoint().ifPresent(builder::endpointOverride);
        this.client = builder.build();
    }

    private static AwsCredentialsProvider credentials(S3Settings settings) {
        return settings.keys()
                .<AwsCredentialsProvider>map(
                        keys -> StaticCredentialsProvider.create(AwsBasicCredentials.create(keys.id(), keys.secret())))
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    }

    /** Service, bucket and prefix, as the settings have them: one service under two names is two. */
    @Override
    public String id() {
        String service = settings.endpoint()
                .map(endpoint -> endpoint.getScheme() + "://" + endpoint.getAuthority())
                .orElse(AMAZON);
        return SCHEME + service.toLowerCase(Locale.ROOT) + "/" + settings.bucket() + "/" + settings.prefix();
    }

    @Override
    public void put(String name, byte[] bytes, int length) {
        var _ = called(() -> client.putObject(
                put -> put.bucket(settings.bucket()).key(settings.prefix() + name),
                RequestBody.fromContentProvider(() -> new ByteArrayInputStream(bytes, 0, length), length, TYPE)));
    }

    @Override
    public InputStream open(String name, long from, long length) {
        return called(() -> client.getObject(get -> get.bucket(settings.bucket())
                .key(settings.prefix() + name)
                .range("bytes=" + from + "-" + (from + length - 1))));
    }

    @Override
    public void delete(String name) {
        var _ = called(() ->
                client.deleteObject(delete -> delete.bucket(settings.bucket()).key(settings.prefix() + name)));
    }

    @Override
    public void close() {
        client.close();
    }

    private static <T> T called(Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException failure) {
            throw new TuttiException(ErrorCode.UNAVAILABLE, "the store of files refuses or cannot be reached", failure);
        }
    }
}
