package dev.fairlead.config;

/**
 * The text that nodes were read from.
 *
 * @param text which one, from 0
 * @param problems where what is wrong with it is reported
 */
record Origin(int text, String file, Problems problems) {
}
