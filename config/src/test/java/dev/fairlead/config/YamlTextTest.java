package dev.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is wrong with the text itself, and the bounds that keep any text harmless. */
class YamlTextTest {
    @Test
    void aSyntaxErrorSaysWhereAndEndsItsTextButNotTheOthers() {
        assertThat(Reading.problems("kind: [Service\n", "kind: Service\n")).containsExactly(
                "a.yaml:2:1: not valid YAML: while parsing a flow sequence: expected ',' or ']', but got <stream end>",
                "b.yaml:1:1: apiVersion is missing (expected: v1, discovery.k8s.io/v1 or fairlead.dev/v1alpha1)");
    }

    @Test
    void whatCameBeforeASyntaxErrorIsStillChecked() {
        List<String> problems = Reading.problems(Reading.configuration("dataPath: fast\n---\nkind: 'Service\n"));

        assertThat(problems).hasSize(2);
        assertThat(problems.get(0)).startsWith("a.yaml:3:11: dataPath: unknown data path \"fast\"");
        assertThat(problems.get(1)).startsWith("a.yaml:6:1: not valid YAML: ");
    }

    @Test
    void aSyntaxErrorAtACarriageReturnIsNotBehindTheEndOfItsLine() {
        assertThat(Reading.problems("apiVersion: fairlead.dea1\nkind: >\nn\r")).hasSize(1).first().asString()
                .startsWith("a.yaml:3:2: not valid YAML: ");
    }

    @Test
    void anUnprintableCharacterIsFoundByLineAndColumn() {
        assertThat(Reading.problems("a: 1\nüß: \u0001\n")).containsExactly(
                "a.yaml:2:5: not valid YAML: the character U+0001 is not allowed (expected: printable text)");
    }

    @Test
    void anotherVersionOfYamlIsRefused() {
        assertThat(Reading.problems("%YAML 2.0\n---\na: 1\n")).hasSize(1).first().asString()
                .contains("not valid YAML: ");
    }

    @Test
    void anEscapeBeyondAllCharactersIsASyntaxError() {
        assertThat(Reading.problems("a: \"\\UFFFFFFFF\"")).hasSize(1).first().asString()
                .startsWith("a.yaml:1:1: not valid YAML: ");
    }

    @Test
    void aTextThatIsNoYamlIsNoTextWithoutAnObject() {
        assertThat(Reading.of("]").notes()).isEmpty();
    }

    @Test
    void linesEndAsYamlSaysTheyDo() {
        assertThat(Reading.problems("a: 1\r\nb: 2\rc: \u0001")).hasSize(1).first().asString()
                .startsWith("a.yaml:3:4: ");
        assertThat(Reading.problems("a: 1\r\nb: 2\rc: '")).hasSize(1).first().asString().startsWith("a.yaml:3:5: ");
    }

    @Test
    void aByteOrderMarkIsNoCharacter() {
        assertThat(Reading.problems("\uFEFF" + Reading.configuration("dataPath: fast\n"))).hasSize(1).first()
                .asString().startsWith("a.yaml:3:11: ");
    }

    @Test
    void nestingIsBounded() {
        assertThat(Reading.problems("a: " + "[".repeat(100_000))).containsExactly(
                "a.yaml:1:103: not valid YAML: nested too deep (expected: at most 100 levels)");
        String deep = "a: " + "[".repeat(98) + "]".repeat(98) + "\n";
        assertThat(Reading.problems("apiVersion: v1\nkind: Pod\n" + deep)).isEmpty();
    }

    @Test
    void blockNestingIsBoundedToo() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            text.append(" ".repeat(i)).append("a:\n");
        }
        assertThat(Reading.problems(text.toString())).containsExactly(
                "a.yaml:101:101: not valid YAML: nested too deep (expected: at most 100 levels)");
    }

    @Test
    void aliasesCannotUnfoldWithoutEnd() {
        StringBuilder text = new StringBuilder("apiVersion: v1\nkind: List\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i <= 30; i++) {
            text.append("a").append(i).append(": &a").append(i).append(" [").append(("*a" + (i - 1) + ",").repeat(10))
                    .append("]\n");
        }
        assertThat(Reading.problems(text.toString())).hasSize(1).first().asString()
                .startsWith("a.yaml:1:1: aliases unfold to ").endsWith(" values (expected: at most 10000000)");
    }

    @Test
    void anAliasCannotContainItself() {
        assertThat(Reading.problems("apiVersion: v1\nkind: List\nitems: &all [*all]\n")).containsExactly(
                "a.yaml:3:8: items[0]: the value contains itself through an alias (expected: no circle)");
    }

    @Test
    void aListInsideAListIsRefused() {
        assertThat(Reading.problems("""
                apiVersion: v1
                kind: List
                items: [{apiVersion: v1, kind: List, items: []}]
                """)).containsExactly("a.yaml:3:9: items[0]: a list inside a list (expected: objects)");
    }

    @Test
    void theLengthOfATextIsBounded() {
        assertThat(Reading.problems(" ".repeat(YamlText.LONGEST + 1))).containsExactly(
                "a.yaml:1:1: the text is too long: 67108865 characters (expected: at most 67108864)");
    }

    @Test
    void theNumberOfProblemsIsBounded() {
        String text = Reading.configuration("services:\n" + "- 1\n".repeat(Problems.MOST + 5));

        assertThat(Reading.problems(text)).hasSize(Problems.MOST + 1).last().asString()
                .endsWith(": 5 more problems are left out (at most 1000 are listed)");
    }

    @Test
    void mergeKeysAreRefusedSinceTheirKeysWouldSilentlyBeLost() {
        assertThat(Reading.problems("apiVersion: v1\nkind: Pod\na: &a {b: 1}\nc: {<<: *a}\n")).containsExactly(
                "a.yaml:4:5: c.<<: merge keys are not part of YAML 1.2 (expected: the keys written out)");
    }

    @Test
    @Timeout(20)
    void aMappingToldToMergeItselfEnds() {
        assertThat(Reading.problems("a: &a {!!merge x: *a, b: 1}\n")).containsExactly(
                "a.yaml:1:8: not valid YAML: merge keys are not part of YAML 1.2 (expected: the keys written out)");
        assertThat(Reading.problems("%TAG !m! tag:yaml.org,2002:\n---\na: &a {!m!merge x: *a, b: 1}\n")).hasSize(1);
        assertThat(Reading.problems("apiVersion: v1\nkind: Pod\na: &a {<<: *a, b: 1}\n")).hasSize(2);
    }

    @Test
    void aKeyThatIsNoTextIsRefused() {
        assertThat(Reading.problems("apiVersion: v1\nkind: Pod\n? [a]\n: b\n"))
                .containsExactly("a.yaml:3:3: found a list as a key (expected: text)");
    }

    @Test
    void aMessageIsOneShortLineWhateverItQuotes() {
        String text = Reading.configuration("dataPath: \"a\\nb\\u202ec" + "x".repeat(100_000) + "\"\nnodeName: \""
                + "y".repeat(100_000) + "\"\n" + "z".repeat(900) + ": 1\n");

        assertThat(Reading.problems(text)).hasSize(3).allSatisfy(problem -> {
            assertThat(problem).doesNotContain("\n", "\u202e");
            assertThat(problem.length()).isLessThan(1300);
        });
    }
}
