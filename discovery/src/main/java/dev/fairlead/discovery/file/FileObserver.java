package dev.fairlead.discovery.file;

import dev.fairlead.discovery.file.InputFiles.Listing;
import dev.fairlead.discovery.file.InputFiles.Problem;
import dev.fairlead.source.SnapshotReader.Text;
import dev.fairlead.transport.Ticker;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Tells states of files apart by their content, and reads them only where the file system's stamps leave a doubt. One
 * thread at a time.
 */
final class FileObserver {
    /**
     * The files at one moment; equal observations mean equal content.
     *
     * @param contents of each file, in order
     * @param problems files that cannot be read
     */
    record Observation(List<Content> contents, List<Problem> problems) {
        Observation {
            contents = List.copyOf(contents);
            problems = List.copyOf(problems);
        }
    }

    record Content(Path file, String digest) {
    }

    /**
     * @param settled whether a change since would show in the stamp
     */
    private record Known(Stamp stamp, boolean settled, String digest) {
    }

    private final InputFiles inputs;
    private final Stamp.Reader stamps;
    private final Ticker ticker;
    private Map<Path, Known> known = new HashMap<>();

    FileObserver(InputFiles inputs, Stamp.Reader stamps, Ticker ticker) {
        this.inputs = inputs;
        this.stamps = stamps;
        this.ticker = ticker;
    }

    Observation observe() {
        Listing listing = inputs.list();
        List<Problem> problems = new ArrayList<>(listing.problems());
        List<Content> contents = new ArrayList<>();
        Map<Path, Known> seen = new HashMap<>();
        for (Path file : listing.files()) {
            try {
                Known state = state(file);
                seen.put(file, state);
                contents.add(new Content(file, state.digest()));
            } catch (IOException unreadable) {
                problems.add(Problem.of(file, unreadable));
            }
        }
        known = seen;
        return new Observation(contents, problems);
    }

    private Known state(Path file) throws IOException {
        // The clock and the stamp before the content: whatever happens meanwhile shows next time.
        long now = ticker.epochMillis();
        Stamp stamp = stamps.read(file);
        Known before = known.get(file);
        if (before != null && before.settled() && before.stamp().equals(stamp)) {
            return before;
        }
        return new Known(stamp, stamp.settled(now), digest(Files.readAllBytes(file)));
    }

    /** The texts behind an observation. */
    sealed interface Texts {
        record Found(List<Text> texts) implements Texts {
        }

        /** The files are others by now. */
        record Changed() implements Texts {
        }

        record NotText(List<Problem> problems) implements Texts {
        }
    }

    /** Reads what was observed. */
    Texts read(Observation observation) {
        List<Text> texts = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Content content : observation.contents()) {
            byte[] bytes;
            try {
                bytes = Files.readAllBytes(content.file());
            } catch (IOException gone) {
                return new Texts.Changed();
            }
            if (!digest(bytes).equals(content.digest())) {
                known.remove(content.file());
                return new Texts.Changed();
            }
            try {
                texts.add(InputFiles.text(content.file(), bytes));
            } catch (CharacterCodingException binary) {
                problems.add(Problem.of(content.file(), binary));
            }
        }
        return problems.isEmpty() ? new Texts.Found(texts) : new Texts.NotText(problems);
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
