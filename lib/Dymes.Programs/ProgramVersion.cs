using System.Reflection;

namespace Dymes.Programs;

/// <summary>The version of a program, as its build says it.</summary>
public static class ProgramVersion
{
    /// <summary>The version of the program that a type belongs to, without the commit.</summary>
    public static string Of<TProgram>() =>
        typeof(TProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
