package dev.fairlead.admin;

import dev.fairlead.telemetry.Happening;
import dev.fairlead.telemetry.Journal;
import dev.fairlead.telemetry.Json;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Server-sent events (HTML Living Standard, section 9.2): how the process is, each second, and what happens. A client
 * that does not read for ten seconds is dropped, so that it costs no more memory than a socket's buffer. Confined to
 * the admin thread.
 */
final class EventStream {
    private static final int MOST_CLIENTS = 16;
    private static final int MOST_SILENT_SECONDS = 10;

    private final StatusPage status;
    private final Journal journal;
    private final List<Client> clients = new ArrayList<>();

    EventStream(StatusPage status, Journal journal) {
        this.status = status;
        this.journal = journal;
    }

    private static final class Client {
        private final Channel channel;
        private long told;
        private int silent;

        private Client(Channel channel, long told) {
            this.channel = channel;
            this.told = told;
        }
    }

    /** A client wants to follow, from the event that it saw last. */
    CompletionStage<Answer> follow(Asked asked) {
        if (clients.size() >= MOST_CLIENTS) {
            return CompletableFuture.completedStage(Answer.text(HttpResponseStatus.SERVICE_UNAVAILABLE,
                    MOST_CLIENTS + " clients follow already (expected: fewer open pages)\n"));
        }
        long told = asked.headerIfAny("last-event-id").filter(id -> id.matches("\\d{1,18}")).map(Long::parseLong)
                .filter(id -> id <= journal.last()).orElseGet(journal::last);
        return CompletableFuture.completedStage(Answer.stream("text/event-stream", channel -> {
            Client client = new Client(channel, told);
            clients.add(client);
            channel.closeFuture().addListener(_ -> clients.remove(client));
            tell(client, frame(status.json(false)));
        }));
    }

    /** Called once a second. */
    void turn() {
        if (clients.isEmpty()) {
            return;
        }
        String now = frame(status.json(false));
        for (Client client : List.copyOf(clients)) {
            tell(client, now);
        }
    }

    private void tell(Client client, String now) {
        if (!client.channel.isWritable()) {
            client.silent++;
            if (client.silent >= MOST_SILENT_SECONDS) {
                client.channel.close();
            }
            return;
        }
        client.silent = 0;
        StringBuilder text = new StringBuilder(now);
        for (Happening one : journal.since(client.told, Journal.MOST)) {
            text.append("event: happened\nid: ").append(one.id()).append("\ndata: ");
            EventsPage.write(one, new Json(text));
            text.append("\n\n");
            client.told = one.id();
        }
        ByteBuf bytes = ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, text);
        client.channel.writeAndFlush(new DefaultHttpContent(bytes));
    }

    private static String frame(String json) {
        return "event: status\ndata: " + json + "\n\n";
    }
}
