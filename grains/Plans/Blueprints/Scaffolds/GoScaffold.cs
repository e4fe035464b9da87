using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints.Scaffolds;

/// <summary>In a package of its own, whatever the program's is called; <c>go test ./...</c> finds it.</summary>
internal static class GoScaffold
{
    public static IEnumerable<(string Path, string Text)> Write(TestScaffolds.Subject s)
    {
        var path = TreePaths.Join(s.Path, "prodsprintgenerated/prodsprint_generated_test.go");
        yield return (path, (TestScaffolds.Head(s, "//", "go test ./prodsprintgenerated") + $$"""
            package prodsprintgenerated

            import (
            	"bytes"
            	"net"
            	"net/http"
            	"os"
            	"os/exec"
            	"path/filepath"
            	"strings"
            	"syscall"
            	"testing"
            	"time"
            )

            const (
            	build  = {{TestScaffolds.Text(s.Build ?? "")}}
            	start  = {{TestScaffolds.Text(s.Start)}}
            	health = {{TestScaffolds.Text(s.Health)}}
            )

            var client = &http.Client{
            	Timeout:       10 * time.Second,
            	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
            }

            func status(t *testing.T, address string) int {
            	t.Helper()
            	answer, err := client.Get(address)
            	if err != nil {
            		t.Fatal(err)
            	}
            	answer.Body.Close()
            	return answer.StatusCode
            }

            func freePort(t *testing.T) string {
            	t.Helper()
            	probe, err := net.Listen("tcp", "127.0.0.1:0")
            	if err != nil {
            		t.Fatal(err)
            	}
            	defer probe.Close()
            	_, port, _ := net.SplitHostPort(probe.Addr().String())
            	return port
            }

            // begin answers with the service's address; what it needs and is not set skips the test.
            func begin(t *testing.T) string {
            	t.Helper()
            	for _, name := range []string{ {{TestScaffolds.List(s.Given)}} } {
            		if os.Getenv(name) == "" {
            			t.Skip("set " + name)
            		}
            	}
            	directory, _ := filepath.Abs({{TestScaffolds.Text(TestScaffolds.Relative(path, s.Directory))}})
            	if build != "" {
            		command := exec.Command("sh", "-c", build)
            		command.Dir = directory
            		if said, err := command.CombinedOutput(); err != nil {
            			t.Fatalf("%s: %v\n%s", build, err, said)
            		}
            	}
            	var said bytes.Buffer
            	// Another program may take a port between the look and the start: then another one.
            	for attempt := 0; attempt < 3; attempt++ {
            		port := freePort(t)
            		service := exec.Command("sh", "-c", start)
            		service.Dir = directory
            		service.Stdout, service.Stderr = &said, &said
            		service.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
            		service.Env = append(os.Environ(), "PORT="+port, {{TestScaffolds.Text($"{s.Port}=")}}+port)
            		for _, name := range []string{ {{TestScaffolds.List(s.Invented)}} } {
            			if os.Getenv(name) == "" {
            				service.Env = append(service.Env, name+"=generated")
            			}
            		}
            		if err := service.Start(); err != nil {
            			t.Fatal(err)
            		}
            		ended := make(chan struct{})
            		go func() { service.Wait(); close(ended) }()
            		stop := func() { syscall.Kill(-service.Process.Pid, syscall.SIGKILL); <-ended }
            		base := "http://127.0.0.1:" + port
            		for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
            			select {
            			case <-ended:
            				until = time.Now()
            				continue
            			default:
            			}
            			if answer, err := client.Get(base + health); err == nil {
            				answer.Body.Close()
            				t.Cleanup(stop)
            				return base
            			}
            		}
            		stop()
            	}
            	t.Fatalf("it did not come up with %q:\n%s", start, strings.TrimSpace(said.String()))
            	return ""
            }

            func TestProdSprintGenerated(t *testing.T) {
            	base := begin(t)
            	if got := status(t, base+health); got < 200 || got >= 400 {
            		t.Errorf("GET %s answers %d", health, got)
            	}
            	if got := status(t, base+"/prodsprint-generated-nothing-here"); got >= 500 {
            		t.Errorf("a path that is not there answers %d", got)
            	}
            }

            """).ReplaceLineEndings("\n").Replace("{  }", "{}", StringComparison.Ordinal).Replace("{ \"", "{\"", StringComparison.Ordinal).Replace("\" } {", "\"} {", StringComparison.Ordinal));
    }
}
