package dev.fairlead.config;

/**
 * One thing that is wrong with the input, for a reader.
 *
 * @param file as the text was named
 * @param line from 1
 * @param column from 1, in characters
 * @param path of the value within its document, {@code spec.ports[0].port}; {@code ""} where it is the document
 * @param message what is wrong (what was expected) - did you mean …; one line
 */
public record ConfigProblem(String file, int line, int column, String path, String message) {
    @Override
    public String toString() {
        String place = file + ":" + line + ":" + column + ": ";
        return path.isEmpty() ? place + message : place + path + ": " + message;
    }
}
