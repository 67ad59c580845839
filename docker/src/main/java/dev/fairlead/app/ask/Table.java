package dev.fairlead.app.ask;

import java.util.ArrayList;
import java.util.List;

/** Columns under headings in capitals, three spaces apart, as kubectl prints them. */
public final class Table {
    private static final String GAP = "   ";
    private static final String NOTHING = "<none>";

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param headings as they are to be shown */
    public Table(List<String> headings) {
        this.headings = List.copyOf(headings);
    }

    /** One line; what is empty is shown as such. */
    public void row(List<String> cells) {
        rows.add(cells.stream().map(cell -> cell.isEmpty() ? NOTHING : cell).toList());
    }

    /** The lines of the rows, without the headings, each as wide as the whole table needs it. */
    public List<String> lines() {
        int[] widths = widths();
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    public String headingLine() {
        return line(headings, widths());
    }

    private int[] widths() {
        int[] widths = new int[headings.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = Math.max(headings.get(i).length(),
                    rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
        }
        return widths;
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i).replaceAll("\\p{Cntrl}", " ");
            line.append(i == 0 ? "" : GAP).append(cell);
            if (i < widths.length - 1) {
                line.repeat(' ', widths[i] - cell.length());
            }
        }
        return line.toString();
    }
}
