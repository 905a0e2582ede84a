/// The version of this program; stored in every run's manifest.
public enum HBTVersion {
    public static let text = "0.1.0"
}
