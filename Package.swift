// swift-tools-version: 6.2
import PackageDescription

// The hooks' modules, in the order in which data flows: each may import only what is above it.
// What has these settings is what `tools/hooks.mk` builds as Embedded Swift.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatWarning("EmbeddedRestrictions", as: .error),
    // Embedded builds want every file to import what it uses.
    .enableUpcomingFeature("MemberImportVisibility"),
]

func hookModule(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A program: its arguments in, one call of a module below it, its exit status out.
func hook(_ name: String, in folder: String? = nil, _ module: Target.Dependency = "Lifecycle") -> Target {
    .executableTarget(
        name: name, dependencies: [module], path: "Sources/Hooks/\(folder ?? name)", swiftSettings: strict)
}

/// What bytes from outside are tried on: a test that tries those that are kept, or, for `make fuzz`, a program that makes up new
/// ones. That needs libFuzzer's calls in all modules, so it is no part of other builds.
let isFuzzing = Context.environment["HVM_FUZZ"] != nil
let fuzzed: [Target.Dependency] = [
    "CPlatform", "Text", "Platform", "ZoneConfig", "Machine", "Hypervisors", "UEFI", "CloudInit", "ZoneBoot",
    "Lifecycle",
    "Commands",
]
let fuzzing: Target =
    isFuzzing
    ? .executableTarget(
        name: "fuzz", dependencies: fuzzed, path: "Tests/Fuzz", exclude: ["inputs", "InputTests.swift"],
        swiftSettings: [.swiftLanguageMode(.v6)])
    : .testTarget(name: "FuzzTests", dependencies: fuzzed, path: "Tests/Fuzz", exclude: ["inputs", "main.swift"])

let package = Package(
    name: "hvm-brand",
    // `init` is a word of Swift's, so its target has another name.
    products: [.executable(name: "init", targets: ["zoneinit"])],
    // For the lab alone: a build of a hook does not compile it.
    dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")],
    targets: [
        .target(name: "CPlatform", cSettings: [.unsafeFlags(["-Wall", "-Wextra"])]),
        .target(
            name: "CXML",
            cSettings: [.unsafeFlags(["-I/usr/include/libxml2", "-Wall", "-Wextra"])],
            linkerSettings: [.linkedLibrary("xml2")]),
        hookModule("Text", []),
        hookModule("Platform", ["CPlatform", "Text"]),
        hookModule("ZoneConfig", ["CXML", "Text", "Platform"]),
        hookModule("Machine", ["Text", "Platform", "ZoneConfig"]),
        hookModule("Hypervisors", ["Text", "Platform", "Machine"]),
        hookModule("UEFI", ["Text", "Platform", "Machine"]),
        hookModule("CloudInit", ["Text", "Platform", "Machine"]),
        hookModule(
            "ZoneBoot", ["Text", "Platform", "ZoneConfig", "Machine", "Hypervisors", "UEFI", "CloudInit"]),
        hookModule("Lifecycle", ["Text", "Platform", "ZoneConfig", "Machine", "Hypervisors", "ZoneBoot"]),
        hookModule(
            "Commands",
            ["Text", "Platform", "ZoneConfig", "Machine", "Hypervisors", "UEFI", "ZoneBoot", "Lifecycle"]),
        hook("install"), hook("boot"), hook("zoneinit", in: "init"), hook("halt"), hook("shutdown"),
        hook("statechange"),
        hook("uninstall"), hook("verify"), hook("postclone"), hook("socat"), hook("vnc", "Commands"),
        hook("hvm", "Commands"),
        // Linux only: no hook depends on these.
        .target(
            name: "CEdit", cSettings: [.unsafeFlags(["-Wall", "-Wextra"])], linkerSettings: [.linkedLibrary("edit")]),
        .target(name: "CGuest", cSettings: [.unsafeFlags(["-Wall", "-Wextra"])]),
        .target(
            name: "ZoneLab",
            dependencies: [
                "CEdit", "CGuest", "CPlatform", "Text", "Platform", "Machine", "Hypervisors",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], exclude: ["Main"],
            swiftSettings: [.swiftLanguageMode(.v6)]),
        .executableTarget(
            name: "zonelab", dependencies: ["ZoneLab"], path: "Sources/ZoneLab/Main",
            swiftSettings: [.swiftLanguageMode(.v6)]),
        .testTarget(name: "TextTests", dependencies: ["TestSupport", "Text"], path: "Tests/Unit/Text"),
        .testTarget(
            name: "PlatformTests", dependencies: ["TestSupport", "Text", "Platform"], path: "Tests/Unit/Platform"),
        .testTarget(
            name: "ZoneConfigTests", dependencies: ["TestSupport", "ZoneConfig"], path: "Tests/Unit/ZoneConfig"),
        .testTarget(name: "MachineTests", dependencies: ["TestSupport", "Machine"], path: "Tests/Unit/Machine"),
        .testTarget(
            name: "HypervisorsTests", dependencies: ["TestSupport", "Hypervisors", "ZoneBoot"],
            path: "Tests/Unit/Hypervisors"),
        .testTarget(
            name: "UEFITests", dependencies: ["TestSupport", "UEFI", "Machine", "ZoneConfig"], path: "Tests/Unit/UEFI",
            exclude: ["stores"]),
        .testTarget(
            name: "CloudInitTests",
            dependencies: ["TestSupport", "CloudInit", "Machine", "Text", "Platform", "ZoneConfig"],
            path: "Tests/Unit/CloudInit"),
        .target(name: "TestSupport", dependencies: ["CPlatform"], path: "Tests/Support"),
        .testTarget(
            name: "ConformanceTests",
            dependencies: ["TestSupport", "Text", "Platform", "Machine", "ZoneConfig", "boot"],
            path: "Tests/Conformance", exclude: ["README.md", "bhyve", "kvm", "uefi-vars", "refusals.txt"]),
        .testTarget(
            name: "AcceptanceTests",
            dependencies: [
                "TestSupport", "UEFI", "install", "boot", "zoneinit", "halt", "shutdown", "statechange", "uninstall",
                "verify",
                "postclone", "socat", "vnc", "hvm",
            ], path: "Tests/Hooks", exclude: ["snapshots", "dtd", "relay.py", "relay-hostile.py", "nocloud.py"]),
        .testTarget(name: "ZoneLabTests", dependencies: ["ZoneLab"], path: "Tests/Unit/ZoneLab"),
        .testTarget(name: "EndToEndTests", dependencies: ["TestSupport", "CPlatform", "zonelab"], path: "Tests/Lab"),
        fuzzing,
    ]
)
