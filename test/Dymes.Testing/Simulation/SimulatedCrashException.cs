namespace Dymes.Testing.Simulation;

/// <summary>The disk is gone, in the midst of a call. To the code under test it is a failed call like any other; all later ones fail too.</summary>
public sealed class SimulatedCrashException(string message) : IOException(message);
