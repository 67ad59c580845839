package dev.fairlead.discovery.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;

/**
 * What the file system says about a file without reading it; of a symbolic link, about the file it leads to.
 *
 * @param changedMillis the later of content and inode change, since tools may set the former back
 * @param identity everything else that tells one state of the file from another
 */
record Stamp(long changedMillis, String identity) {
    // Coarsest time stamps of file systems in use (FAT); a later change within it may leave the stamp as it is.
    private static final long GRANULARITY_MILLIS = 2000;

    /** How stamps are read. */
    interface Reader {
        Stamp read(Path file) throws IOException;
    }

    /** The running machine's file system. */
    static Stamp of(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            Map<String, Object> unix = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino,dev");
            long changed = Math.max(millis(unix, "lastModifiedTime"), millis(unix, "ctime"));
            return new Stamp(changed, unix.get("dev") + " " + unix.get("ino") + " " + unix.get("size") + " "
                    + unix.get("lastModifiedTime") + " " + unix.get("ctime"));
        }
        BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(basic.lastModifiedTime().toMillis(),
                basic.fileKey() + " " + basic.size() + " " + basic.lastModifiedTime());
    }

    private static long millis(Map<String, Object> attributes, String name) {
        return ((FileTime) Objects.requireNonNull(attributes.get(name), name)).toMillis();
    }

    /** Whether any later change will show in the stamp. */
    boolean settled(long nowMillis) {
        return changedMillis + GRANULARITY_MILLIS < nowMillis;
    }
}
