// `fuzz TARGET [libFuzzer's options and directories]`; `fuzz -d` prints words worth trying, for libFuzzer's -dict.
import Glibc
import Machine

/// libFuzzer's own main.
@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

nonisolated(unsafe) var chosen = FuzzTarget.zone

func printDictionary() {
    var words: Set<String> = [
        "TOPSECRET", "password=TOPSECRET", "<attr name=\"", "<network physical=\"", "<net-attr name=\"",
    ]
    for row in AttributeTable.rows {
        words.insert(row.name)
        for brand in Brand.allCases {
            guard let form = row.form(for: brand) else { continue }
            words.formUnion([form.example, "\(row.name)=\(form.example)"])
        }
    }
    for word in words.sorted() where word.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) && word.utf8.count < 100 {
        print("\"" + word.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\"")
    }
}

let words = CommandLine.arguments
if words.count == 2, words[1] == "-d" {
    printDictionary()
    exit(0)
}
guard words.count > 1, let target = FuzzTarget(rawValue: words[1]) else {
    print("usage: fuzz \(FuzzTarget.allCases.map { $0.rawValue }.joined(separator: "|")) [OPTION … DIRECTORY …]")
    exit(253)
}
chosen = target
// libFuzzer is to see its own arguments alone.
var count = CommandLine.argc - 1
var arguments = CommandLine.unsafeArgv + 1
arguments[0] = CommandLine.unsafeArgv[0]
exit(
    runFuzzer(&count, &arguments) { bytes, count in
        chosen.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
        return 0
    })
