import Testing

@testable import Machine

@Suite struct UUIDTests {
    @Test(
        "a UUID is five groups of hexadecimal digits",
        arguments: [
            "8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11", "8C9F1F4E-3F0C-4C8F-9D0E-2B6A6F1D7C11",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-FFFF-ffff-FFFF-ffffffffffff",
        ])
    func uuidFive(text: String) {
        #expect(UUIDText.isValid(text))
    }

    @Test(
        "what has another form is no UUID",
        arguments: [
            "", "-", "----", "8c9f1f4e3f0c4c8f9d0e2b6a6f1d7c11", "8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c1",
            "8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c111",
            "8c9f1f4-e3f0c-4c8f-9d0e-2b6a6f1d7c11", "8c9f1f4g-3f0c-4c8f-9d0e-2b6a6f1d7c11",
            "{8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11}",
            " 8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11", "8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11-",
            "8c9f1f4e_3f0c_4c8f_9d0e_2b6a6f1d7c11",
            "８c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11", "@@@@@@@@-@@@@-@@@@-@@@@-@@@@@@@@@@@@",
        ])
    func anotherForm(text: String) {
        #expect(!UUIDText.isValid(text))
    }

    @Test(
        "random bytes become a UUID of version 4",
        arguments: [
            (0x00, "00000000-0000-4000-8000-000000000000"), (0xff, "ffffffff-ffff-4fff-bfff-ffffffffffff"),
        ] as [(UInt8, String)])
    func randomBytes(byte: UInt8, text: String) {
        #expect(UUIDText.random(Array(repeating: byte, count: 16)) == text)
    }

    @Test("each random byte is at its place")
    func eachRandom() {
        #expect(UUIDText.random(Array(0x10...0x1f)) == "10111213-1415-4617-9819-1a1b1c1d1e1f")
        #expect(UUIDText.isValid(UUIDText.random(Array(0...15))))
    }

    @Test("the zone's attribute comes before its file, its file before a random one")
    func zonesAttribute() {
        let attribute = "11111111-2222-4333-8444-555555555555"
        let file = "22222222-2222-4333-8444-555555555555"
        let facts = HostFacts(zoneUUID: file, randomUUID: someUUID)
        #expect(
            read(makeZone(.bhyve, [("uuid", attribute)]), facts: facts).machine?.uuid
                == Sourced(attribute, .attribute(name: "uuid", line: 2)))
        #expect(read(makeZone(.bhyve), facts: facts).machine?.uuid == Sourced(file, .host("the zone's /etc/uuid")))
        #expect(read(makeZone(.bhyve)).machine?.uuid == Sourced(someUUID, .host("random")))
        #expect(read(makeZone(.kvm), facts: facts).machine?.uuid?.value == file)
        #expect(read(makeZone(.kvm)).machine?.uuid == nil)
    }
}

@Suite struct MACAddressTests {
    @Test(
        "an address is written in pairs of lower-case digits",
        arguments: [
            ("2:8:20:a:b:91", "02:08:20:0a:0b:91"), ("02:08:20:0A:0B:91", "02:08:20:0a:0b:91"),
            ("0:0:0:0:0:0", "00:00:00:00:00:00"),
            ("ff:FF:fF:Ff:ff:ff", "ff:ff:ff:ff:ff:ff"),
        ])
    func addressWritten(text: String, full: String) {
        #expect(MACAddress(text)?.text == full)
    }

    @Test(
        "what has another form is no address",
        arguments: [
            "", ":::::", "2:8:20:a:b", "2:8:20:a:b:91:1", "2:8:20:a:b:", "2:8:20:a:b:1234", "2:8:20:a:b:g1",
            "2-8-20-a-b-91", "020820a0b91",
            " 2:8:20:a:b:91", "2:8:20:a:b:91 ", "2:8:20:a:b:+1", "2:8:20:a:b:@@", "２:8:20:a:b:91",
        ])
    func anotherFormAddress(text: String) {
        #expect(MACAddress(text) == nil)
    }
}
