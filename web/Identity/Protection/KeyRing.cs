using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Identity;

/// <summary>The ring of data-protection keys in PostgreSQL, so that all servers and every restart read what any of them has written. The framework asks synchronously, at start and once a day.</summary>
internal sealed class KeyRing(Database database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = database.Identity.OpenConnection();
        using var command = new NpgsqlCommand("SELECT xml FROM protection_key ORDER BY made_at, name", connection);
        using var reader = command.ExecuteReader();
        var found = new List<XElement>();
        while (reader.Read()) found.Add(XElement.Parse(reader.GetString(0)));
        return found;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = database.Identity.OpenConnection();
        using var command = new NpgsqlCommand("INSERT INTO protection_key (name, xml) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", connection)
        {
            Parameters = { new() { Value = friendlyName }, new() { Value = element.ToString(SaveOptions.DisableFormatting) } },
        };
        command.ExecuteNonQuery();
    }
}
