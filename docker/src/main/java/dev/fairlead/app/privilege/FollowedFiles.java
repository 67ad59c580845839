package dev.fairlead.app.privilege;

import dev.fairlead.discovery.file.InputFiles;
import dev.fairlead.transport.linux.Capability;
import dev.fairlead.transport.linux.Privileges;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Files that a run comes back to.
 *
 * @param paths files and directories of {@code -f}
 * @param read others that are read
 * @param written files that are written or made
 */
public record FollowedFiles(List<Path> paths, List<Path> read, List<Path> written) {
    private static final Set<Capability> OVERRIDING = EnumSet.of(Capability.DAC_OVERRIDE, Capability.DAC_READ_SEARCH);

    public FollowedFiles {
        paths = List.copyOf(paths);
        read = List.copyOf(read);
        written = List.copyOf(written);
    }

    /** Whether one of them is somebody's who lets nobody else in, and a privilege is what lets us. */
    boolean areOthers(Set<Capability> held) {
        Set<Capability> without = EnumSet.noneOf(Capability.class);
        without.addAll(held);
        // Tried and not worked out: there are access lists, mount options and much more.
        return without.removeAll(OVERRIDING) && reachable() && !Privileges.under(without, this::reachable);
    }

    private boolean reachable() {
        InputFiles.Listing listing = new InputFiles(paths).list();
        return listing.problems().isEmpty() && listing.files().stream().allMatch(Files::isReadable)
                && read.stream().allMatch(Files::isReadable) && written.stream().allMatch(FollowedFiles::isWritable);
    }

    private static boolean isWritable(Path file) {
        Path made = file.toAbsolutePath();
        return Files.isWritable(Files.exists(made) ? made : Optional.ofNullable(made.getParent()).orElse(made));
    }
}
