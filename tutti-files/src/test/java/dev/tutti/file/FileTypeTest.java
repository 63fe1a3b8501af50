package dev.tutti.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileTypeTest {
    private static FileType of(String head) {
        return FileType.of(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE html><script>alert(1)</script>",
                "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
                "<?xml version='1.0'?><?xml-stylesheet href='x'?>",
                "#!/bin/sh\nrm -rf /"
            })
    void whatWouldRunInABrowserIsPlainText(String text) {
        assertThat(of(text)).isEqualTo(FileType.TEXT);
    }

    @Test
    void aPageThatBeginsAsAPictureIsAPicture() {
        assertThat(of("GIF89a/*<html><script>alert(1)</script>*/")).isEqualTo(FileType.GIF);
        assertThat(of("\u0089PNG\r\n\u001a\n<html>")).isEqualTo(FileType.PNG);
    }

    @Test
    void textMayBeCutWithinACharacterAtTheEndOfWhatIsLookedAt() {
        byte[] text = ("x" + "é".repeat(400)).getBytes(StandardCharsets.UTF_8);

        assertThat(FileType.of(Arrays.copyOf(text, FileType.HEAD_BYTES))).isEqualTo(FileType.TEXT);
        assertThat(FileType.of(Arrays.copyOf(text, 100))).isEqualTo(FileType.BYTES);
        assertThat(of("a\0b")).isEqualTo(FileType.BYTES);
        assertThat(of("")).isEqualTo(FileType.BYTES);
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeIsFoundByItsName(FileType type) {
        assertThat(FileType.named(type.mediaType())).isEqualTo(type);
        assertThat(type.mediaType()).doesNotContain("html", "xml", "script");
    }

    @Test
    void aTypeOfAnotherVersionIsBytes() {
        assertThat(FileType.named("text/html")).isEqualTo(FileType.BYTES);
    }
}
