package dev.tutti.file;

import dev.tutti.postgres.sql.MigratedSchema;
import java.util.List;

/** The tables of files, with a history of their own. */
public final class FileSchema extends MigratedSchema {
    public FileSchema() {
        super("file_schema_history", List.of("dev/tutti/file/migration"), List.of("file", "file_upload"));
    }
}
