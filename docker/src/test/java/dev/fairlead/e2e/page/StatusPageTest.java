package dev.fairlead.e2e.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.e2e.Greeted;
import dev.fairlead.repository.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

@Timeout(120)
@ExtendWith(Shared.class)
class StatusPageTest {
    private static final String NAMES = "#service-rows .opener";
    private static final String ENDPOINTS = "#service-rows .endpoints tbody tr";
    private static final int PICTURE_LIMIT = 300_000;
    private static final int PICTURE_SECONDS = 90;

    private final Browser browser;
    private final Scene scene;

    StatusPageTest(Browser browser, Scene scene) {
        this.browser = browser;
        this.scene = scene;
    }

    @BeforeEach
    void openThePage() {
        browser.open(scene.url());
        browser.until("the services are there", () -> browser.texts(NAMES).size() == 4);
    }

    @AfterEach
    void nothingComplains() {
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void theHeaderSaysWhatRunsAndHowItIs() {
        assertThat(browser.text("#state")).isEqualTo("ready");
        assertThat(browser.text("#version")).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(browser.text("#node")).isEqualTo("not named");
        assertThat(browser.text("#counts")).startsWith("4, 6 endpoints, ");
        assertThat(browser.text("#heard")).isEqualTo("no cluster");
        assertThat(browser.text("#path")).matches("\\S+, \\d+ loops?");
        assertThat(browser.text("#configuration")).matches("changed .+ ago \\(table \\d+\\)");
        assertThat(browser.text("#problems")).isEmpty();
        String before = browser.text("#uptime");
        browser.until("time goes on", () -> !browser.text("#uptime").equals(before));
    }

    @Test
    void theTilesMoveWithWhatIsOpen() throws Exception {
        browser.untilText("#tile-open .now", "0");
        assertThat(browser.text("#tile-descriptors .now")).matches("\\d+\\s+of [\\d,]+");
        String line = browser.attribute("#tile-open .line", "d");
        List<Greeted> open = Scene.stay(scene.door(), 7);

        browser.untilText("#tile-open .now", "7");
        assertThat(browser.attribute("#tile-open .line", "d")).startsWith("M").isNotEqualTo(line);
        assertThat(browser.attribute("#tile-open svg", "aria-label"))
                .matches("Open connections, the last ten minutes: now 7, highest \\d+");
        Scene.leave(open);
        browser.untilText("#tile-open .now", "0");
        for (String tile : List.of("new", "failed", "up", "down", "lag")) {
            assertThat(browser.text("#tile-" + tile + " .now")).as(tile).matches("\\d[\\d.,]*( \\S+)?");
        }
    }

    @Test
    void servicesAreSortedByClickingAtTheHeadings() throws Exception {
        Scene.visit(scene.payDoor(), 1);
        Scene.visit(scene.cartDoor(), 5);
        Scene.visit(scene.door(), 10);
        browser.click("[data-sort=accepted]");
        order("web", "cart", "pay", "zulu");
        assertThat(browser.attribute("th:has([data-sort=accepted])", "aria-sort")).isEqualTo("descending");
        assertThat(browser.attribute("th:has([data-sort=name])", "aria-sort")).isEqualTo("none");
        browser.click("[data-sort=accepted]");
        order("zulu", "pay", "cart", "web");
        assertThat(browser.attribute("th:has([data-sort=accepted])", "aria-sort")).isEqualTo("ascending");
        browser.click("[data-sort=namespace]");
        browser.until("the bank's comes first", () -> browser.text(NAMES).equals("pay:http"));
    }

    @Test
    void servicesAreSortedByKeyboard() {
        browser.enter("[data-sort=name]");
        order("zulu", "web", "pay", "cart");
        browser.press(Keys.SPACE);
        order("cart", "pay", "web", "zulu");
    }

    @Test
    void searchAndFilterWithoutAMouse() {
        browser.press("/");
        assertThat(browser.script("return document.activeElement.id")).isEqualTo("service-search");
        browser.press("zu");
        order("zulu");
        assertThat(browser.text("#service-count")).isEqualTo("1 of 4 services");
        browser.press(Keys.ENTER);
        browser.untilText("#service-rows .inside", "It has no endpoint.");
        assertThat(browser.attribute(NAMES, "aria-expanded")).isEqualTo("true");
        browser.press(Keys.ESCAPE);
        browser.until("it is shut", () -> browser.texts("#service-rows .inside").isEmpty());
        assertThat(browser.script("return document.activeElement.textContent")).isEqualTo("zulu:http");
        browser.press("/");
        browser.press(Keys.ESCAPE);
        order("cart", "pay", "web", "zulu");
        browser.press("<script>alert(1)</script>");
        browser.untilText("#service-none", "No service is like that.");
        browser.press(Keys.ESCAPE);
        browser.choose("#service-state", "down");
        order("zulu");
        browser.press(Keys.TAB);
    }

    @Test
    void aServiceOpensToItsEndpointsAndTheReasonOfEach() throws Exception {
        open("web");
        browser.until("the dead one is ejected", () -> visited(2) && endpoint(scene.dead()).contains("ejected for"));

        assertThat(endpoint(scene.dead())).contains("ejected").containsPattern("REFUSED at \\d\\d:\\d\\d:\\d\\d");
        assertThat(endpoint(scene.answering())).contains("ready").containsPattern("[\\d.]+ [µm]?s / [\\d.]+ [µm]?s")
                .contains("none");
        assertThat(browser.texts(ENDPOINTS)).hasSize(4).anyMatch(row -> row.contains("not ready"))
                .anyMatch(row -> row.contains("terminating"));
        browser.until("the share is a bar",
                () -> browser.number("return Math.max(...[...document.querySelectorAll('.bar i')]"
                        + ".map(one => one.getBoundingClientRect().width))") > 10);
        browser.untilText("#service-rows .row.open", "degraded");
        assertThat(browser.text("#service-rows .fronts")).contains("ClusterIP " + scene.door(), "door open");
    }

    @Test
    void connectionsAreListedAndFound() throws Exception {
        List<Greeted> open = Scene.stay(scene.door(), 2);
        List<Greeted> other = Scene.stay(scene.cartDoor(), 1);
        other.getFirst().echo("x".repeat(3000));
        browser.click("#tab-connections");
        browser.until("all three", () -> browser.texts("#connection-rows tr").size() == 3);
        assertThat(browser.texts("#connection-rows tr")).allMatch(row -> row.contains(scene.answering()))
                .allMatch(row -> row.contains("relaying"));

        browser.type("#connection-search", "cart");
        browser.until("one is left", () -> browser.texts("#connection-rows tr").size() == 1);
        browser.untilText("#connection-rows tr", "2.93 KiB");
        assertThat(browser.text("#connection-rows tr")).contains("shop/cart:http", scene.cartDoor() + "/TCP");
        assertThat(browser.text("#connection-count")).isEqualTo("1 of 3 connections");
        browser.type("#connection-search", "nobody");
        browser.untilText("#connection-none", "No connection is like that.");
        Scene.leave(open);
        Scene.leave(other);
        browser.untilText("#connection-none", "No connection is open.");
    }

    @Test
    void whatHappensIsToldAsItHappensNewestFirst() throws Exception {
        browser.click("#tab-events");
        browser.untilText("#event-list", "publish table");
        int before = browser.texts("#event-list li").size();
        scene.withSecondEndpoint();

        browser.until("the plan came", () -> browser.texts("#event-list li").size() >= before + 2);
        List<String> events = browser.texts("#event-list li");
        assertThat(events.get(0)).contains("plan").contains("+" + scene.added());
        assertThat(events.get(1)).contains("endpoint-added", "shop/cart:http", scene.added());
        assertThat(browser.text("#latest")).contains("plan");
        browser.type("#event-search", scene.added());
        browser.until("only those two", () -> browser.texts("#event-list li").size() == 2);
        scene.asAtTheStart();
        browser.until("it was taken out", () -> browser.texts("#event-list li").size() == 4);
        assertThat(browser.texts("#event-list .kind")).contains("endpoint-removed");
    }

    @Test
    void whyIsAnsweredByTheRunningProcess() throws Exception {
        open("cart");
        browser.click(".fronts button");
        browser.untilText("#why-answer", scene.answering());
        assertThat(browser.attribute("#tab-why", "aria-selected")).isEqualTo("true");
        assertThat(browser.script("return document.getElementById('why-to').value")).isEqualTo(scene.cartDoor());
        scene.withSecondEndpoint();
        browser.untilText("#why-answer", scene.added());
        scene.asAtTheStart();
        browser.type("#why-from", "nonsense");
        browser.enter("#why-to");
        browser.untilText("#why-answer", "from is no address");
        assertThat(browser.complaints()).isNotEmpty().allMatch(line -> line.contains("400"));
        browser.type("#why-from", "127.0.0.1");
        browser.enter("#why-to");
        browser.untilText("#why-answer", "door open");
        browser.complaints();
    }

    @Test
    void drainingNeedsTheTokenAndAsksOnce() throws Exception {
        open("web");
        String button = "button[aria-label='Drain " + scene.answering() + "']";
        browser.click(button);
        browser.type("#verb-token", "guessed");
        browser.press(Keys.ENTER);
        browser.untilText("#verb-problem", "This is not the token");
        assertThat(browser.complaints()).hasSize(1).allMatch(line -> line.contains("401"));
        assertThat(endpoint(scene.answering())).doesNotContain("drained");

        browser.type("#verb-token", scene.token());
        browser.press(Keys.ENTER);
        browser.untilText("#done", scene.answering());
        browser.until("it is drained", () -> endpoint(scene.answering()).contains("drained"));
        browser.untilText("#problem-list", "drained by an operator");
        browser.click("button[aria-label='Undrain " + scene.answering() + "']");
        assertThat(browser.text("#verb-ask")).as("the token is known").isEmpty();
        browser.click("#verb-yes");
        browser.until("it is back", () -> !endpoint(scene.answering()).contains("drained"));
        browser.until("nothing is wrong", () -> browser.text("#problems").isEmpty());
        browser.click(".inside-head .buttons button");
        browser.untilText("#verb-title", "Drain shop/web?");
        browser.press(Keys.ESCAPE);
        assertThat(browser.texts("#verb")).as("Escape only shuts the question").isEmpty();
        assertThat(browser.texts(ENDPOINTS)).hasSize(4);
    }

    @Test
    void whatLooksLikeMarkupIsShownAsText() throws Exception {
        long scripts = browser.number("return document.scripts.length");
        scene.withBalancer("<script>document.title=1</script><img src=x>");

        browser.untilText("#problem-list", "<script>document.title=1</script><img src=x>");
        assertThat(browser.number("return document.scripts.length")).isEqualTo(scripts);
        assertThat(browser.number("return document.images.length")).isZero();
        browser.untilText("#configuration", "not understood for");
        browser.click("#tab-events");
        browser.untilText("#event-list li", "source-fault");
        assertThat(browser.text("#event-list li")).contains("<script>");
        scene.asAtTheStart();
        browser.until("nothing is wrong", () -> browser.text("#problems").isEmpty());
        browser.untilText("#event-list li", "source-recovered");
    }

    @Test
    void whatThePolicyForbidsIsComplainedOf() {
        browser.script("const script = document.createElement('script'); script.textContent = 'document.title = 1';"
                + "document.body.append(script)");

        assertThat(browser.complaints()).anyMatch(line -> line.contains("Content Security Policy"));
    }

    @Test
    void aPictureForTheReadme() throws Exception {
        Optional<Path> wanted = Optional.ofNullable(System.getProperty("fairlead.screenshot"))
                .map(Repository.root()::resolve);
        List<Greeted> open = Scene.stay(scene.payDoor(), 3);
        String seconds = "return document.querySelector('#tile-open .line').getAttribute('d').split('L').length";
        int patience = wanted.isPresent() ? PICTURE_SECONDS : 1;
        open("web");
        for (int i = 1; i <= patience; i++) {
            int done = i;
            int visits = wanted.isPresent() ? 20 + i * i % 17 * (i % 23) : 2;
            browser.until("another second", () -> browser.number(seconds) > done);
            Scene.visit(scene.door(), visits);
            Scene.visit(scene.cartDoor(), visits / 3);
        }
        browser.until("the dead one is ejected", () -> visited(2) && endpoint(scene.dead()).contains("ejected for"));
        byte[] picture = browser.picture();
        Scene.leave(open);

        assertThat(picture.length).isBetween(10_000, PICTURE_LIMIT);
        if (wanted.isPresent()) {
            Files.write(wanted.get(), picture);
        }
    }

    private void open(String name) {
        browser.script("[...document.querySelectorAll(arguments[0])].find(one => one.textContent === arguments[1])"
                + ".click()", NAMES, name + ":http");
        browser.until("its endpoints are there", () -> !browser.texts(ENDPOINTS).isEmpty());
    }

    /** What its row says. */
    private String endpoint(String address) {
        return browser.texts(ENDPOINTS).stream().filter(row -> row.startsWith(address)).findFirst().orElse("");
    }

    private void order(String... names) {
        List<String> expected = List.of(names).stream().map(name -> name + ":http").toList();
        browser.until("the services are " + expected, () -> browser.texts(NAMES).equals(expected));
    }

    private boolean visited(int times) {
        try {
            Scene.visit(scene.door(), times);
            return true;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
