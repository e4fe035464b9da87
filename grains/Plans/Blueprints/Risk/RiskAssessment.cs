using System.Collections.Immutable;

namespace ProdSprint.Plans.Blueprints.Risk;

/// <summary>How likely a release is to be taken back, and how carefully it should go.</summary>
/// <param name="Probability">Of being taken back, in (0, 1).</param>
/// <param name="Level">low, medium, high.</param>
/// <param name="Terms">What it is made of; the weights add up to its logit.</param>
/// <param name="Advice">Canary steps, evidence and approvers for this level.</param>
/// <param name="BrierScore">Mean squared error of what was predicted for this project's releases, 0 is perfect and 0.25 a coin; null with fewer than 5.</param>
/// <param name="BaseRate">Share of this project's releases that were taken back, with two successes and one failure counted beforehand.</param>
public sealed record RiskAssessment(double Probability, string Level, ImmutableArray<RiskTerm> Terms, RiskAdvice Advice, double? BrierScore, double BaseRate, int Releases);

/// <param name="Value">What was seen, with its unit.</param>
/// <param name="Weight">What it adds to the logit; negative lowers the risk.</param>
public sealed record RiskTerm(string Name, string Value, double Weight, string Why);

/// <param name="Approvers">People besides the author; 0: as the profile has it.</param>
/// <param name="MinRequestsFactor">Times the profile's evidence per step.</param>
public sealed record RiskAdvice(ImmutableArray<double> Weights, double MinRequestsFactor, int Approvers, bool PauseBeforeFull);
