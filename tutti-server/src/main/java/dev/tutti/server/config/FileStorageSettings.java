package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.FILES;

import dev.tutti.file.FileSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The settings of files. */
public final class FileStorageSettings {
    /** The place where the bytes of files are. */
    public enum StorageProvider {
        /** In a directory. */
        LOCAL,
        /** In a bucket of S3, or of a service that speaks its protocol. */
        S3
    }

    private static final Pattern ENDPOINT_FORM = Pattern.compile("https?://[A-Za-z0-9._\\[\\]:-]{1,255}/?");

    public static final Setting<Optional<StorageProvider>> PROVIDER = Setting.open(
            "STORAGE_PROVIDER",
            FILES,
            Type.optional(Type.oneOf(StorageProvider.class)),
            "",
            "The place of the bytes of files. local: a directory that all instances share. s3: a bucket. Not set: local"
                    + " with the embedded PostgreSQL, and no files with DATABASE_URL. The same for all instances.");

    public static final Setting<Optional<Path>> LOCAL_PATH = Setting.open(
            "STORAGE_LOCAL_PATH",
            FILES,
            Type.optional(Type.path("a path")),
            "",
            "The directory of files with STORAGE_PROVIDER=local. It is created if it does not exist, so that only its"
                    + " owner may enter it. An instance does not start if its directory is not that of the other"
                    + " instances. Not set: the directory files in TUTTI_DATA_DIR.");

    public static final Setting<Optional<String>> BUCKET = Setting.open(
            "S3_BUCKET",
            FILES,
            Type.optional(Type.text("the name of a bucket", "[A-Za-z0-9._-]{3,63}")),
            "",
            "The bucket of STORAGE_PROVIDER=s3, which requires this setting. The bucket must exist.");

    public static final Setting<String> REGION = Setting.open(
            "S3_REGION", FILES, Type.text("a region", "[a-z0-9-]{1,64}"), "us-east-1", "The region of the bucket.");

    public static final Setting<Optional<URI>> ENDPOINT = Setting.open(
            "S3_ENDPOINT",
            FILES,
            Type.optional(new Type<>("http://host:port or https://host", FileStorageSettings::endpoint)),
            "",
            "The URL of another service with the protocol of S3, such as MinIO, Ceph or R2. Not set: Amazon S3.");

    public static final Setting<Optional<Boolean>> PATH_STYLE = Setting.open(
            "S3_PATH_STYLE",
            FILES,
            Type.optional(Type.bool()),
            "",
            "true: the name of the bucket is in the path of requests. false: it is in the host name. Not set: true if"
                    + " S3_ENDPOINT is set, otherwise false.");

    public static final Setting<Optional<String>> ACCESS_KEY_ID = Setting.open(
            "S3_ACCESS_KEY_ID",
            FILES,
            Type.optional(Type.text("1 to 128 characters without spaces", "\\S{1,128}")),
            "",
            "The access key. S3_SECRET_ACCESS_KEY must be set, too. Not set: the key of the environment"
                    + " (AWS_ACCESS_KEY_ID), of the profile, or of the role of the machine.");

    public static final Setting<Optional<String>> SECRET_ACCESS_KEY = new Setting<>(
            "S3_SECRET_ACCESS_KEY",
            FILES,
            Type.optional(Type.text("1 to 256 characters without spaces", "\\S{1,256}")),
            "",
            SecretMask.SECRET,
            "The secret of S3_ACCESS_KEY_ID. Not set: see S3_ACCESS_KEY_ID.");

    public static final Setting<String> PREFIX = Setting.open(
            "S3_PREFIX",
            FILES,
            Type.text("A-Z a-z 0-9 . _ / -, at most 200", "[A-Za-z0-9._/-]{0,200}"),
            "",
            "The prefix of the names of objects, such as tutti/. Not set: no prefix.");

    public static final Setting<Long> MAX_BYTES = Setting.open(
            "TUTTI_FILE_MAX_BYTES",
            FILES,
            Type.count(1, FileSettings.MOST_FILE_BYTES),
            Long.toString(FileSettings.DEFAULT.fileBytes()),
            "The largest size of a file, in bytes.");

    public static final Setting<Long> ACCOUNT_BYTES = Setting.open(
            "TUTTI_FILE_ACCOUNT_BYTES",
            FILES,
            Type.count(1, 9_000_000_000_000_000L),
            Long.toString(FileSettings.DEFAULT.accountBytes()),
            "The most bytes that all files of one account may have together. Uploads that are not complete count.");

    public static final Setting<Integer> ACCOUNT_FILES = Setting.open(
            "TUTTI_FILE_ACCOUNT_FILES",
            FILES,
            Type.whole(1, 100_000_000),
            Integer.toString(FileSettings.DEFAULT.accountFiles()),
            "The most files that one account may have. Uploads that are not complete count.");

    public static final Setting<Duration> UPLOAD_TTL = Setting.open(
            "TUTTI_UPLOAD_TTL",
            FILES,
            Type.duration(Duration.ofMinutes(1), Duration.ofDays(30)),
            "1d",
            "The time within which an upload must be complete, from its first request. After this time an incomplete"
                    + " upload is deleted.");

    private FileStorageSettings() {}

    /** The settings that are missing, if those that decide it can be read. */
    static List<ConfigurationError> mistakes(SettingValues values) {
        if (!values.readable(PROVIDER, BUCKET, ACCESS_KEY_ID, SECRET_ACCESS_KEY)) {
            return List.of();
        }
        List<ConfigurationError> mistakes = new ArrayList<>();
        boolean s3 = values.value(PROVIDER).equals(Optional.of(StorageProvider.S3));
        if (s3 && values.value(BUCKET).isEmpty()) {
            mistakes.add(new ConfigurationError(
                    BUCKET.name(),
                    "is required with STORAGE_PROVIDER=s3; set it to "
                            + BUCKET.type().allowed()));
        }
        if (values.value(ACCESS_KEY_ID).isPresent()
                != values.value(SECRET_ACCESS_KEY).isPresent()) {
            mistakes.add(
                    new ConfigurationError(SECRET_ACCESS_KEY.name(), "and S3_ACCESS_KEY_ID are required together"));
        }
        return mistakes;
    }

    private static URI endpoint(String text) throws InvalidValueException {
        Type.matched(ENDPOINT_FORM, text);
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException();
        }
    }
}
