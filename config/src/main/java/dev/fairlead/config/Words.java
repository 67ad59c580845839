package dev.fairlead.config;

import dev.fairlead.source.Suggestion;
import java.util.Collection;

/** Pieces of messages: safe and short whatever the input holds. */
final class Words {
    private static final int LONGEST_QUOTE = 60;
    private static final int LONGEST_LINE = 800;
    private static final int LONGEST_TYPO = 64;

    private Words() {
    }

    /** The text in quotes, shortened. */
    static String quote(String text) {
        return "\"" + cut(text, LONGEST_QUOTE) + "\"";
    }

    /** Without line breaks and other control characters, shortened. */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        cut(text, LONGEST_LINE).codePoints().forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                    || Character.getType(c) == Character.FORMAT) {
                line.append(String.format("\\u%04x", c));
            } else {
                line.appendCodePoint(c);
            }
        });
        return line.toString();
    }

    /** {@code  - did you mean "info"?}, or nothing where no candidate is near. */
    static String didYouMean(String word, Collection<String> candidates) {
        if (word.length() > LONGEST_TYPO) {
            return "";
        }
        return Suggestion.nearest(word, candidates).map(near -> " - did you mean " + quote(near) + "?").orElse("");
    }

    /** {@code one of a, b or c} for messages; {@code a or b} for two. */
    static String oneOf(Collection<String> words) {
        return words.size() == 1 ? words.iterator().next() : "one of " + String.join(", ", words);
    }

    private static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, end) + "…";
    }
}
