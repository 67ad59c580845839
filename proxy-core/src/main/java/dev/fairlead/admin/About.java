package dev.fairlead.admin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the process is, for who asks.
 *
 * @param token what a change by HTTP has to bring; hard to guess
 * @param socket where it answers whoever may reach a file: the same as at the admin address, and changes without a
 *     token; absent = nowhere
 * @param capabilities names of those in use, without {@code CAP_}
 * @param descriptorLimit files that may be open
 * @param descriptors files that are open
 */
public record About(String version, String token, Optional<Path> socket, Supplier<List<String>> capabilities,
        Supplier<Long> descriptorLimit, Supplier<Long> descriptors) {
}
