package dev.fairlead.discovery.file;

import dev.fairlead.model.ClusterNetwork;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.SnapshotReader;
import dev.fairlead.source.SnapshotSink;
import dev.fairlead.source.SourceFault;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a source delivered, in order, as words: {@code offer a+b} or {@code fault ...}. */
final class RecordingSink implements SnapshotSink {
    /**
     * Understands every text; one that begins with {@code bad} is rejected. The snapshot's notes are the texts.
     */
    static final SnapshotReader READER = texts -> {
        List<String> problems = texts.stream().filter(text -> text.content().startsWith("bad"))
                .map(text -> shortName(text.name()) + ":1:1: " + text.content()).toList();
        return problems.isEmpty()
                ? new SnapshotReader.Reading.Read(
                        new ServiceSnapshot(NodeIdentity.NONE, ClusterNetwork.UNKNOWN, List.of(),
                                List.of(), texts.stream().map(SnapshotReader.Text::content).toList()))
                : new SnapshotReader.Reading.Rejected(problems);
    };

    private final List<String> words = new CopyOnWriteArrayList<>();

    private static String shortName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public void offer(ServiceSnapshot snapshot) {
        words.add("offer " + String.join("+", snapshot.notes()));
    }

    @Override
    public void fault(SourceFault fault) {
        words.add("fault " + switch (fault) {
            case SourceFault.Unreachable(String place, String why, var _) -> shortName(place) + ": " + why;
            case SourceFault.Malformed(List<String> problems) -> String.join("; ", problems);
            case SourceFault.Forbidden _,SourceFault.Several _ -> fault.summary();
        });
    }

    List<String> words() {
        return List.copyOf(words);
    }
}
