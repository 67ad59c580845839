package dev.fairlead.app.ask;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the processes of one user answer its commands: one socket each, named by the process's id, in a folder that
 * only this user can open. {@code XDG_RUNTIME_DIR} says where (XDG Base Directory Specification), else {@code /run} for
 * root and the folder for temporary files for everybody else.
 */
public final class OwnSocket implements AutoCloseable {
    /** The variable that says where a user's sockets are. */
    public static final String FOLDER_VARIABLE = "XDG_RUNTIME_DIR";

    private static final String END = ".sock";
    private static final Set<PosixFilePermission> MINE = PosixFilePermissions.fromString("rwx------");

    private final Path path;

    private OwnSocket(Path path) {
        this.path = path;
    }

    /**
     * Makes the folder, without leftovers of processes that are gone; the socket itself is made by who answers there.
     *
     * @param environment of the process
     * @throws IOException where the folder cannot be made, or is not this user's alone
     */
    public static OwnSocket prepare(Map<String, String> environment) throws IOException {
        Path folder = folder(environment);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(folder.getParent());
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(MINE));
        }
        if (!isMine(folder)) {
            throw new IOException(folder + " is open to other users (expected: a folder of mode 700 of this user)");
        }
        for (Path old : sockets(folder)) {
            if (!lives(old)) {
                Files.deleteIfExists(old);
            }
        }
        Path path = folder.resolve(ProcessHandle.current().pid() + END);
        Files.deleteIfExists(path);
        return new OwnSocket(path);
    }

    public Path path() {
        return path;
    }

    /** Sockets of processes that run, this one's too. */
    public static List<Path> running(Map<String, String> environment) {
        Path folder = folder(environment);
        try {
            return isMine(folder) ? sockets(folder).stream().filter(OwnSocket::lives).sorted().toList() : List.of();
        } catch (IOException none) {
            return List.of();
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }

    private static Path folder(Map<String, String> environment) {
        Optional<String> said = Optional.ofNullable(environment.get(FOLDER_VARIABLE)).filter(dir -> !dir.isEmpty());
        if (said.isPresent()) {
            return Path.of(said.get(), "fairlead");
        }
        String user = System.getProperty("user.name", "unknown");
        return user.equals("root")
                ? Path.of("/run/fairlead")
                : Path.of(System.getProperty("java.io.tmpdir"), "fairlead-" + user);
    }

    /** Nobody else may put a socket there that a command would take for a process of this user's. */
    private static boolean isMine(Path folder) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(folder, PosixFileAttributes.class,
                LinkOption.NOFOLLOW_LINKS);
        Path self = Path.of("/proc/self");
        boolean owned = !Files.exists(self) || attributes.owner().equals(Files.getOwner(self));
        return attributes.isDirectory() && owned && MINE.containsAll(attributes.permissions());
    }

    private static List<Path> sockets(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + END)) {
            files.forEach(found::add);
        }
        return found;
    }

    private static boolean lives(Path socket) {
        String pid = socket.getFileName().toString().replace(END, "");
        return pid.matches("\\d{1,10}") && ProcessHandle.of(Long.parseLong(pid)).isPresent();
    }
}
