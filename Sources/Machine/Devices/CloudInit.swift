import Platform

/// How the guest gets its first configuration (attr `cloud-init`).
public enum CloudInit: Equatable, Sendable {
    case off
    /// From a seed image that we build; with this file of the host as user-data, when there is one.
    case seed(userData: String?)
    /// From this URL.
    case url(String)

    /// Where the zone has its seed image.
    public static let seedImage = "/cloud-init.iso"

    init(_ text: String) throws(ValueError) {
        if let flag = try? Flag.parse(text) {
            self = flag ? .seed(userData: nil) : .off
        } else if text.beginsWith("/") {
            self = .seed(userData: text)
        } else if text.beginsWith("http://") || text.beginsWith("https://") {
            guard !text.holds(",") else {
                throw ValueError(
                    "\"" + text + "\" holds a comma, which bhyve takes for the end of the SMBIOS serial number",
                    remedy: "write the comma as %2C")
            }
            self = .url(text)
        } else {
            throw ValueError(text, isNot: "a cloud-init source", remedy: "use on, off, an absolute path or an http URL")
        }
    }
}

extension MachineBuilder {
    func cloudInit() -> Sourced<CloudInit> {
        guard let setting = settings.singles[.cloudInit], case .cloudInit(let choice) = setting.value else {
            return Sourced(.off, .byDefault)
        }
        return setting.sourced(choice)
    }
}
