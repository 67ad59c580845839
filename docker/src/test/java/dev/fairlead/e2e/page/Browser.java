package dev.fairlead.e2e.page;

import dev.fairlead.e2e.Requires;
import java.io.Closeable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Chromium without a screen, as the machine has it: nothing is downloaded. */
final class Browser implements Closeable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration GLANCE = Duration.ofMillis(50);
    // It names the newest protocol that it knows beside Chromium's, at each start. Kept, lest its level be forgotten.
    private static final Logger DRIVER_LOG = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** @param profile an empty directory for all that it keeps */
    static Browser start(Path profile) {
        Path chromium = Requires.command("chromium");
        Path chromedriver = Requires.command("chromedriver");
        DRIVER_LOG.setLevel(Level.SEVERE);
        LoggingPreferences logging = new LoggingPreferences();
        logging.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.setCapability("goog:loggingPrefs", logging);
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                "--user-data-dir=" + profile);
        ChromeDriverService service = new ChromeDriverService.Builder().usingDriverExecutable(chromedriver.toFile())
                .usingAnyFreePort().withLogFile(profile.resolve("chromedriver.log").toFile()).build();
        return new Browser(new ChromeDriver(service, options));
    }

    /** Loads a page at the size of a desk, with nothing kept of an earlier one, and light. */
    void open(String address) {
        size(1280, 900);
        colours("light");
        driver.get("about:blank");
        driver.get(address);
        script("sessionStorage.clear()");
        complaints();
    }

    /** In CSS pixels; below 500 of width it is a telephone. */
    void size(int width, int height) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    }

    /** @param scheme light or dark, as the system's setting would be */
    void colours(String scheme) {
        driver.executeCdpCommand("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** The result of a function's body. */
    Object script(String body, Object... arguments) {
        Object result = driver.executeScript(body, arguments);
        return result == null ? "" : result;
    }

    /** A number that a function's body returns. */
    long number(String body, Object... arguments) {
        return ((Number) script(body, arguments)).longValue();
    }

    /** What the elements say that are there now, all at one time. */
    List<String> texts(String selector) {
        return ((List<?>) script(
                "return [...document.querySelectorAll(arguments[0])].filter(one => one.checkVisibility())"
                        + ".map(one => one.innerText.trim())",
                selector)).stream().map(String::valueOf).toList();
    }

    /** What the first of them says; nothing where there is none. */
    String text(String selector) {
        return texts(selector).stream().findFirst().orElse("");
    }

    String attribute(String selector, String name) {
        return String.valueOf(script("return document.querySelector(arguments[0])?.getAttribute(arguments[1])",
                selector, name));
    }

    void click(String selector) {
        on(selector, WebElement::click);
    }

    void type(String selector, String text) {
        on(selector, field -> {
            field.clear();
            field.sendKeys(text);
        });
    }

    /** Keys to whatever has the focus. */
    void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /** A sort of select, by what its option says. */
    void choose(String selector, String option) {
        on(selector, field -> field.findElements(By.tagName("option")).stream()
                .filter(one -> one.getText().equals(option)).findFirst().orElseThrow().click());
    }

    /** Presses Enter on an element as somebody without a mouse does. */
    void enter(String selector) {
        script("document.querySelector(arguments[0]).focus()", selector);
        press(Keys.ENTER);
    }

    /** Waits until it is so. */
    void until(String what, BooleanSupplier condition) {
        new WebDriverWait(driver, PATIENCE, GLANCE).ignoring(StaleElementReferenceException.class)
                .withMessage(() -> what + "; the page says: " + script("return document.body.innerText"))
                .until(_ -> condition.getAsBoolean());
    }

    /** Waits until the first of these elements says this. */
    void untilText(String selector, String part) {
        until(selector + " says \"" + part + "\"", () -> text(selector).contains(part));
    }

    /**
     * Errors and warnings of its console since it was asked last: scripts, the content security policy, failed loads.
     */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(line -> line.getLevel().intValue() >= Level.WARNING.intValue())
                .map(line -> line.getLevel() + " " + line.getMessage()).toList();
    }

    /** A picture of what is to be seen. */
    byte[] picture() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    private void on(String selector, Consumer<WebElement> action) {
        new WebDriverWait(driver, PATIENCE, GLANCE).ignoring(WebDriverException.class)
                .withMessage(() -> selector + " can be used; the page says: "
                        + script("return document.body.innerText"))
                .until(_ -> {
                    action.accept(driver.findElement(By.cssSelector(selector)));
                    return true;
                });
    }

    @Override
    public void close() {
        driver.quit();
    }
}
