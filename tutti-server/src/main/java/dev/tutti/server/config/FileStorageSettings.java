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
            "Where the bytes of files are. local: in a directory, which all instances must share. s3: in a bucket. Not set: local"
                    + " with an embedded PostgreSQL; with DATABASE_URL there are no files. The same for all instances.");

    public static final Setting<Optional<Path>> LOCAL_PATH = Setting.open(
            "STORAGE_LOCAL_PATH",
            FILES,
            Type.optional(Type.path("a path")),
            "",
            "The directory of STORAGE_PROVIDER=local. Made if it does not exist, for its owner alone. An instance with another one than"
                    + " the others does not start. Not set: files in TUTTI_DATA_DIR.");

    public static final Setting<Optional<String>> BUCKET = Setting.open(
            "S3_BUCKET",
            FILES,
            Type.optional(Type.text("the name of a bucket", "[A-Za-z0-9._-]{3,63}")),
            "",
            "The bucket of STORAGE_PROVIDER=s3, which exists already.");

    public static final Setting<String> REGION = Setting.open(
            "S3_REGION", FILES, Type.text("a region", "[a-z0-9-]{1,64}"), "us-east-1", "The region of the bucket.");

    public static final Setting<Optional<URI>> ENDPOINT = Setting.open(
            "S3_ENDPOINT",
            FILES,
            Type.optional(new Type<>("http://host:port or https://host", FileStorageSettings::endpoint)),
            "",
            "Another service that speaks the protocol of S3, such as MinIO, Ceph or R2. Not set: Amazon's.");

    public static final Setting<Optional<Boolean>> PATH_STYLE = Setting.open(
            "S3_PATH_STYLE",
            FILES,
            Type.optional(Type.bool()),
            "",
            "Whether the bucket is in the path, and not in the host's name. Not set: true with S3_ENDPOINT.");

    public static final Setting<Optional<String>> ACCESS_KEY_ID = Setting.open(
            "S3_ACCESS_KEY_ID",
            FILES,
            Type.optional(Type.text("1 to 128 characters without spaces", "\\S{1,128}")),
            "",
            "The access key. Not set: what the environment (AWS_ACCESS_KEY_ID), the profile or the machine's role says.");

    public static final Setting<Optional<String>> SECRET_ACCESS_KEY = new Setting<>(
            "S3_SECRET_ACCESS_KEY",
            FILES,
            Type.optional(Type.text("1 to 256 characters without spaces", "\\S{1,256}")),
            "",
            SecretMask.SECRET,
            "Its secret.");

    public static final Setting<String> PREFIX = Setting.open(
            "S3_PREFIX",
            FILES,
            Type.text("A-Z a-z 0-9 . _ / -, at most 200", "[A-Za-z0-9._/-]{0,200}"),
            "",
            "The prefix of the names of objects, such as tutti/.");

    public static final Setting<Long> MAX_BYTES = Setting.open(
            "TUTTI_FILE_MAX_BYTES",
            FILES,
            Type.count(1, FileSettings.MOST_FILE_BYTES),
            Long.toString(FileSettings.DEFAULT.fileBytes()),
            "The largest file, in bytes.");

    public static final Setting<Long> ACCOUNT_BYTES = Setting.open(
            "TUTTI_FILE_ACCOUNT_BYTES",
            FILES,
            Type.count(1, 9_000_000_000_000_000L),
            Long.toString(FileSettings.DEFAULT.accountBytes()),
            "How many bytes the files of an account may have in all, uploads under way included.");

    public static final Setting<Integer> ACCOUNT_FILES = Setting.open(
            "TUTTI_FILE_ACCOUNT_FILES",
            FILES,
            Type.whole(1, 100_000_000),
            Integer.toString(FileSettings.DEFAULT.accountFiles()),
            "How many files an account may have, uploads under way included.");

    public static final Setting<Duration> UPLOAD_TTL = Setting.open(
            "TUTTI_UPLOAD_TTL",
            FILES,
            Type.duration(Duration.ofMinutes(1), Duration.ofDays(30)),
            "1d",
            "How long an upload may take, from its first request until it is whole; then what there is of it goes.");

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
