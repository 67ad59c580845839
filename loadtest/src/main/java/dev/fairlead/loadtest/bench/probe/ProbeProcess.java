package dev.fairlead.loadtest.bench.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads lines of words with tabs between them, answers each with one line, which is {@code error} and a reason where it
 * fails. {@code start ip:port command...}: milliseconds until a connection to that address was answered; the command is
 * ended then. {@code metric url name}: the sum over all series of a metric. {@code sum url regex}: the sum over the
 * series that match as a whole, 0 where there is none. {@code await url millis}: when the status is 200.
 * {@code find url regex}: the groups of the first match in a page, asked for as JSON, with tabs between.
 * {@code use times ip:port...}: connects to each so often, and says how many connections were answered.
 * {@code scrape url times millis}: reads a page so often, each time so many milliseconds after the last time began, and
 * says how many milliseconds the median and the worst reading took and how many bytes the last one had.
 */
public final class ProbeProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long BETWEEN_TRIES_NANOS = 200_000;
    private static final long BETWEEN_LOOKS_NANOS = 20_000_000;
    private static final int REQUEST_BYTES = 64;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private ProbeProcess() {
    }

    /** Until the end of its input. */
    public static void main(String[] args) throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(answer(List.of(line.split("\t", -1))));
            System.out.flush();
        }
    }

    private static String answer(List<String> words) throws InterruptedException {
        try {
            return switch (words.getFirst()) {
                case "start" -> Double.toString(start(words.get(1), words.subList(2, words.size())));
                case "metric" -> Double.toString(metric(words.get(1), words.get(2)));
                case "sum" -> Double.toString(sum(words.get(1), Pattern.compile(words.get(2))));
                case "await" -> await(words.get(1), Long.parseLong(words.get(2)));
                case "find" -> find(words.get(1), Pattern.compile(words.get(2)));
                case "use" -> Long.toString(use(Integer.parseInt(words.get(1)), words.subList(2, words.size())));
                case "scrape" -> scrape(words.get(1), Integer.parseInt(words.get(2)), Long.parseLong(words.get(3)));
                default -> "error no such word: " + words.getFirst()
                        + " (expected: start, metric, sum, await, find, use or scrape)";
            };
        } catch (IOException failed) {
            return "error " + failed.getMessage();
        }
    }

    private static double start(String address, List<String> command) throws IOException, InterruptedException {
        InetSocketAddress to = parsed(address);
        if (answers(to)) {
            throw new IOException("somebody answers at " + address + " before the start (expected: nobody)");
        }
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            while (!answers(to)) {
                if (!process.isAlive()) {
                    throw new IOException(command.getFirst() + " ended with exit code " + process.exitValue());
                }
                if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                    throw new IOException("no answer at " + address + " after " + PATIENCE.toSeconds() + " seconds");
                }
                LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
            }
            return (System.nanoTime() - begin) / 1e6;
        } finally {
            end(process);
        }
    }

    private static InetSocketAddress parsed(String address) {
        int colon = address.lastIndexOf(':');
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    private static long use(int times, List<String> addresses) {
        long answered = 0;
        for (String address : addresses) {
            for (int i = 0; i < times; i++) {
                answered += answers(parsed(address)) ? 1 : 0;
            }
        }
        return answered;
    }

    private static String scrape(String url, int times, long everyMillis) throws IOException, InterruptedException {
        double[] millis = new double[times];
        long bytes = 0;
        long next = System.nanoTime();
        for (int i = 0; i < times; i++) {
            for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            long begin = System.nanoTime();
            next = begin + TimeUnit.MILLISECONDS.toNanos(everyMillis);
            bytes = read(url);
            millis[i] = (System.nanoTime() - begin) / 1e6;
        }
        Arrays.sort(millis);
        return millis[times / 2] + "\t" + millis[times - 1] + "\t" + bytes;
    }

    /** A page may be larger than this process: its bytes are counted, and nothing kept. */
    private static long read(String url) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build(),
                HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            if (answer.statusCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException("status " + answer.statusCode() + " of " + url + " (expected: 200)");
            }
            return body.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** In order, so that its children end with it; by force when it takes its time. */
    private static void end(Process process) throws InterruptedException {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        process.destroy();
        process.waitFor(5, TimeUnit.SECONDS);
        for (ProcessHandle one : all) {
            one.destroyForcibly();
            try {
                one.onExit().get(5, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException stays) {
                // The next start says that somebody answers already.
            }
        }
    }

    /** Whether a connection is accepted and answered with at least a byte. */
    private static boolean answers(InetSocketAddress to) {
        try (Socket socket = new Socket()) {
            socket.connect(to, 1000);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write(new byte[REQUEST_BYTES]);
            return socket.getInputStream().readAllBytes().length > 0;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String await(String url, long millis) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        String last = "";
        while (System.nanoTime() < end) {
            try {
                last = "status " + get(url).statusCode();
                if (last.equals("status " + HttpURLConnection.HTTP_OK)) {
                    return last;
                }
            } catch (IOException notThere) {
                last = String.valueOf(notThere);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
        throw new IOException("not there after " + millis + " ms: " + last);
    }

    private static String find(String url, Pattern pattern) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(url);
        Matcher found = pattern.matcher(answer.body());
        if (!found.find()) {
            throw new IOException("status " + answer.statusCode() + " without " + pattern);
        }
        return IntStream.rangeClosed(1, found.groupCount()).mapToObj(found::group).collect(Collectors.joining("\t"));
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return CLIENT.send(HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE)
                .header("Accept", "application/json").build(), HttpResponse.BodyHandlers.ofString());
    }

    private static double metric(String url, String name) throws IOException, InterruptedException {
        List<String> series = series(url, Pattern.compile(Pattern.quote(name) + "(\\{.*\\})?"));
        if (series.isEmpty()) {
            throw new IOException("there is no metric " + name + " at " + url);
        }
        return total(series);
    }

    private static double sum(String url, Pattern pattern) throws IOException, InterruptedException {
        return total(series(url, pattern));
    }

    private static List<String> series(String url, Pattern pattern) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String text = client.send(HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
            return text.lines().filter(line -> !line.startsWith("#") && line.contains(" "))
                    .filter(line -> pattern.matcher(line.substring(0, line.lastIndexOf(' '))).matches()).toList();
        }
    }

    private static double total(List<String> series) {
        return series.stream().mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
