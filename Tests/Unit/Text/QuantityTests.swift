import Testing
import Text

@Suite struct QuantityTests {
    @Test(
        "bytes are told in the largest unit",
        arguments: [
            (0, "0 bytes"), (1023, "1023 bytes"), (1024, "1 KiB"), (1536, "1.5 KiB"), (402_653_184, "384 MiB"),
            (1 << 30, "1 GiB"), (1_610_612_736, "1.5 GiB"), (.max, "16383.9 PiB"),
        ] as [(UInt64, String)])
    func bytes(bytes: UInt64, text: String) {
        #expect(bytes.bytesText == text)
    }

    @Test(
        "seconds are told in two units",
        arguments: [
            (0, "0 s"), (-5, "0 s"), (59, "59 s"), (60, "1 min"), (125, "2 min 5 s"), (3600, "1 h"),
            (11520, "3 h 12 min"),
            (86400 * 3 + 59, "3 d"), (90000, "1 d 1 h"),
        ])
    func seconds(seconds: Int, text: String) {
        #expect(seconds.secondsText == text)
    }

    @Test(
        "a time as logs have it is seconds",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:34:56Z", 951_827_696), ("2026-11-22T13:47:00Z", 1_795_355_220),
            ("2024-03-01T00:00:00Z", 1_709_251_200), ("", nil), ("2026-11-22 13:47:00Z", nil),
            ("2026-13-01T00:00:00Z", nil),
            ("2026-11-22T13:47:00", nil), ("+026-11-22T13:47:00Z", nil), ("2026-11-22T24:00:00Z", nil),
        ] as [(String, Int?)])
    func time(text: String, seconds: Int?) {
        #expect(text.utcSeconds == seconds)
    }

    @Test(
        "the nearest of some names is meant, if it is near",
        arguments: [
            ("lst", "list"), ("LIST", "list"), ("tsop", "stop"), ("hlep", "help"), ("lo", "log"), ("x", nil), ("", nil),
            ("liszzz", nil),
        ] as [(String, String?)])
    func nearest(name: String, meant: String?) {
        #expect(name.nearest(among: ["list", "status", "stop", "log", "help"]) == meant)
    }
}
